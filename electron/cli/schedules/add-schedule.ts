import * as z from 'zod'
import { codecSchema } from '../../../shared/backup-manifest.ts'
import { contract } from '../../../shared/contract/index.ts'
import {
  testRestoreSchema,
  type ScheduleInput,
  type ScheduleScope,
} from '../../../shared/contract/schedules.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { environmentSchema } from '../../../shared/names.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { findDestination } from '../destinations/find-destination.ts'
import { findDatabase } from '../find-database.ts'
import { findHost } from '../find-host.ts'
import { parseInput } from '../parse-input.ts'
import { describePreview, describeSchedule, namesOf } from './describe-schedule.ts'
import { findSchedule } from './find-schedule.ts'
import { refuseRemovals } from './refuse-removals.ts'

const presets = { hour: '0 * * * *', day: '30 3 * * *', week: '30 3 * * 0', month: '30 3 1 * *' }

const optionsSchema = z.object({
  to: z.array(z.string(), 'Say where the backups shall go, by --to.'),
  database: z.string().optional(),
  all: z.literal(true).optional(),
  host: z.string().optional(),
  environment: environmentSchema.optional(),
  engine: z.string().optional(),
  nameContains: z.string().optional(),
  every: z.enum(['hour', 'day', 'week', 'month']).optional(),
  cron: z.string().optional(),
  timeZone: z.string().optional(),
  jitter: z.coerce.number('--jitter is a number of seconds.').optional(),
  keep: z.array(z.string()).default(['last=3', 'daily=7', 'weekly=4', 'monthly=6']),
  codec: codecSchema.optional(),
  encrypt: z.boolean().default(true),
  testRestore: testRestoreSchema.optional(),
  preview: z.literal(true).optional(),
  acceptRemovals: z.literal(true).optional(),
})
type Options = z.output<typeof optionsSchema>

/** `schedule add NAME …` */
export const addSchedule: Action = async (cli, [name], given) => {
  const options = parseInput(optionsSchema, given)
  const core = await cli.coreWithSecrets()
  const input = await inputOf(cli, core, name, options)
  const preview = await core.schedules.preview(input, { signal: cli.signal })
  const names = await namesOf(core, cli.signal)
  if (options.preview === true) {
    cli.out.result(preview, () => describePreview(preview, names))
    return
  }
  if (options.acceptRemovals !== true) refuseRemovals(preview)
  const { id } = await core.schedules.create(input, { signal: cli.signal })
  const schedule = await findSchedule(core, id, cli.signal)
  cli.out.result(schedule, () => describeSchedule(schedule, names, cli.io.now()))
}

async function inputOf(
  cli: Cli,
  core: Core,
  name: string | undefined,
  options: Options,
): Promise<ScheduleInput> {
  const { cron, every, timeZone, jitter, keep, codec, encrypt, testRestore } = options
  if ((cron === undefined) === (every === undefined)) {
    throw new QuaysideError('invalid_input', 'Say when it runs: by --every or by --cron.', {
      field: 'cron',
    })
  }
  const destinationIds = []
  for (const each of options.to) {
    destinationIds.push((await findDestination(core, each, cli.signal)).id)
  }
  return parseInput(contract['schedules.create'].input, {
    name,
    scope: await scopeOf(cli, core, options),
    cron: cron ?? (every === undefined ? '' : presets[every]),
    timeZone: timeZone ?? Intl.DateTimeFormat().resolvedOptions().timeZone,
    destinationIds,
    encrypt,
    retention: retentionOf(keep),
    ...(jitter !== undefined && { jitterSeconds: jitter }),
    ...(codec !== undefined && { codec }),
    ...(testRestore !== undefined && { testRestore }),
  })
}

async function scopeOf(cli: Cli, core: Core, options: Options): Promise<ScheduleScope> {
  const { database, all, host, environment, engine, nameContains } = options
  if (database !== undefined) {
    if (all === true || engine !== undefined || nameContains !== undefined) {
      throw new QuaysideError('invalid_input', 'It is one database by --database, or several.')
    }
    // Here they tell which one is meant, where its name alone does not.
    const query = { reference: database, options: { host, environment }, place: 'live' } as const
    return { kind: 'database', databaseId: (await findDatabase(core, query, cli.signal)).id }
  }
  const conditions = [host, environment, engine, nameContains]
  if (all !== true && conditions.every((each) => each === undefined)) {
    throw new QuaysideError('invalid_input', 'Say which databases it takes in.', {
      hint: 'By --database, --host, --environment, --engine, --name-contains, or --all.',
      field: 'scope',
    })
  }
  const hostId = host === undefined ? undefined : (await findHost(core, host, cli.signal)).id
  return {
    kind: 'rule',
    ...(hostId !== undefined && { hostId }),
    ...(environment !== undefined && { environment }),
    ...(engine !== undefined && { engine }),
    ...(nameContains !== undefined && { nameContains }),
  }
}

const lines = ['last', 'hourly', 'daily', 'weekly', 'monthly']

/** `last=3 daily=7 size=20000000000`; without `last`, the newest one stays. */
function retentionOf(keep: readonly string[]): Record<string, number> {
  const retention: Record<string, number> = { last: 1 }
  for (const text of keep) {
    const [, line = '', count = ''] = /^([a-z]+)=(\d+)$/.exec(text) ?? []
    const key = line === 'size' ? 'maxBytes' : lines.find((each) => each === line)
    if (key === undefined) {
      throw new QuaysideError('invalid_input', `"${text}" is nothing to keep.`, {
        hint: 'Give last, hourly, daily, weekly, monthly or size, each with "=" and a number.',
        field: 'retention',
      })
    }
    retention[key] = Number(count)
  }
  return retention
}

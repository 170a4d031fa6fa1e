import * as z from 'zod'
import { codecSchema } from '../../../shared/backup-manifest.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
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
import { findDestination } from '../destinations/find-destination.ts'
import { findDatabase } from '../find-database.ts'
import { findHost } from '../find-host.ts'
import { parseInput } from '../parse-input.ts'

const presets = { hour: '0 * * * *', day: '30 3 * * *', week: '30 3 * * 0', month: '30 3 1 * *' }

/** What `schedule add` and `schedule edit` can be told of a schedule. */
export const scheduleOptionsSchema = z.object({
  to: z.array(z.string()).optional(),
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
  keep: z.array(z.string()).optional(),
  codec: codecSchema.optional(),
  encrypt: z.boolean().optional(),
  testRestore: testRestoreSchema.optional(),
  preview: z.literal(true).optional(),
  acceptRemovals: z.literal(true).optional(),
})
export type ScheduleOptions = z.output<typeof scheduleOptionsSchema>

/**
 * The parts of a schedule that the options say; what they leave out is not in it.
 * @throws QuaysideError `invalid_input`, `not_found`, `ambiguous`
 */
export async function readScheduleOptions(
  cli: Cli,
  core: Core,
  options: ScheduleOptions,
): Promise<Partial<ScheduleInput>> {
  const { cron, every, timeZone, jitter, keep, codec, encrypt, testRestore } = options
  if (cron !== undefined && every !== undefined) {
    throw new QuaysideError('invalid_input', 'It runs by --every or by --cron, not both.', {
      field: 'cron',
    })
  }
  const when = cron ?? (every && presets[every])
  const scope = await scopeOf(cli, core, options)
  const destinationIds = await destinationsOf(cli, core, options.to)
  return {
    ...(scope !== undefined && { scope }),
    ...(when !== undefined && { cron: when }),
    ...(timeZone !== undefined && { timeZone }),
    ...(destinationIds !== undefined && { destinationIds }),
    ...(encrypt !== undefined && { encrypt }),
    ...(keep !== undefined && { retention: retentionOf(keep) }),
    ...(jitter !== undefined && { jitterSeconds: jitter }),
    ...(codec !== undefined && { codec }),
    ...(testRestore !== undefined && { testRestore }),
  }
}

async function destinationsOf(
  cli: Cli,
  core: Core,
  names: readonly string[] | undefined,
): Promise<DestinationId[] | undefined> {
  if (names === undefined) return undefined
  const ids = []
  for (const name of names) ids.push((await findDestination(core, name, cli.signal)).id)
  return ids
}

/** Which databases it takes in; undefined where no option says it. */
async function scopeOf(
  cli: Cli,
  core: Core,
  options: ScheduleOptions,
): Promise<ScheduleScope | undefined> {
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
  if (all !== true && conditions.every((each) => each === undefined)) return undefined
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
function retentionOf(keep: readonly string[]): ScheduleInput['retention'] {
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
  return parseInput(contract['schedules.create'].input.shape.retention, retention)
}

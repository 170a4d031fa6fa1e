import { contract } from '../../../shared/contract/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { parseInput } from '../parse-input.ts'
import { describePreview, describeSchedule, namesOf } from './describe-schedule.ts'
import { findSchedule } from './find-schedule.ts'
import { refuseRemovals } from './refuse-removals.ts'
import {
  readScheduleOptions,
  scheduleOptionsSchema,
  type ScheduleOptions,
} from './schedule-options.ts'

const usualKeep = ['last=3', 'daily=7', 'weekly=4', 'monthly=6']

/** `schedule add NAME …` */
export const addSchedule: Action = async (cli, [name], given) => {
  const options = parseInput(scheduleOptionsSchema, given)
  refuseWithout(options)
  const core = await cli.coreWithSecrets()
  const said = await readScheduleOptions(cli, core, {
    ...options,
    keep: options.keep ?? usualKeep,
  })
  if (said.scope === undefined) {
    throw new QuaysideError('invalid_input', 'Say which databases it takes in.', {
      hint: 'By --database, --host, --environment, --engine, --name-contains, or --all.',
      field: 'scope',
    })
  }
  const input = parseInput(contract['schedules.create'].input, {
    name,
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    encrypt: true,
    ...said,
  })
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

function refuseWithout({ to, cron, every }: ScheduleOptions): void {
  if (to === undefined) {
    throw new QuaysideError('invalid_input', 'Say where the backups shall go, by --to.', {
      field: 'destinationIds',
    })
  }
  if (cron === undefined && every === undefined) {
    throw new QuaysideError('invalid_input', 'Say when it runs: by --every or by --cron.', {
      field: 'cron',
    })
  }
}

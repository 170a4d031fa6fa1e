import type { ScheduleInput, ScheduleView } from '../../../shared/contract/schedules.ts'
import type { Action } from '../command.ts'
import { table } from '../table.ts'
import {
  describePreview,
  describeSchedule,
  namesOf,
  nextText,
  scopeText,
} from './describe-schedule.ts'
import { findSchedule } from './find-schedule.ts'

/** `schedule list` */
export const listSchedules: Action = async (cli) => {
  const core = await cli.core()
  const schedules = await core.schedules.list({}, { signal: cli.signal })
  const names = await namesOf(core, cli.signal)
  cli.out.result(schedules, () => {
    if (schedules.length === 0) {
      return 'No schedules yet. Add one: "quayside schedule add --help".'
    }
    const rows = schedules.map((each) => [
      each.name,
      `${each.cron} ${each.timeZone}`,
      scopeText(each.scope, names),
      String(each.databaseIds.length),
      nextText(each),
      each.missed === 0 ? '' : String(each.missed),
    ])
    return table(['name', 'runs', 'takes in', 'databases', 'next run', 'missed'], rows)
  })
}

/** `schedule show NAME` */
export const showSchedule: Action = async (cli, [name = '']) => {
  const core = await cli.core()
  const schedule = await findSchedule(core, name, cli.signal)
  const names = await namesOf(core, cli.signal)
  cli.out.result(schedule, () => describeSchedule(schedule, names, cli.io.now()))
}

/** `schedule preview NAME` */
export const previewSchedule: Action = async (cli, [name = '']) => {
  const core = await cli.core()
  const schedule = await findSchedule(core, name, cli.signal)
  // Of one that is off: what it would do once it is on.
  const input = { ...planOf(schedule), id: schedule.id, enabled: true }
  const preview = await core.schedules.preview(input, { signal: cli.signal })
  const names = await namesOf(core, cli.signal)
  cli.out.result(preview, () => describePreview(preview, names))
}

/** What can be changed of a schedule, as it is. */
export function planOf(schedule: ScheduleView): ScheduleInput {
  const { id: _, createdAt: __, nextRunAt: ___, lastRunAt: ____, missed: _____, ...rest } = schedule
  const { databaseIds: ______, ...plan } = rest
  return plan
}

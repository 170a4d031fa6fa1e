import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { parseInput } from '../parse-input.ts'
import { describePreview, describeSchedule, namesOf } from './describe-schedule.ts'
import { findSchedule } from './find-schedule.ts'
import { planOf } from './list-schedules.ts'
import { refuseRemovals } from './refuse-removals.ts'
import { readScheduleOptions, scheduleOptionsSchema } from './schedule-options.ts'

const optionsSchema = scheduleOptionsSchema.extend({ rename: z.string().optional() })

/** `schedule edit NAME …`: what no option says stays as it is. */
export const editSchedule: Action = async (cli, [name = ''], given) => {
  const { rename, ...options } = parseInput(optionsSchema, given)
  const core = await cli.coreWithSecrets()
  const found = await findSchedule(core, name, cli.signal)
  const said = {
    ...(rename !== undefined && { name: rename }),
    ...(await readScheduleOptions(cli, core, options)),
  }
  if (Object.keys(said).length === 0) {
    throw new QuaysideError('invalid_input', `Say what shall change of ${found.name}.`, {
      hint: 'For example --every week, or --keep last=5 daily=14.',
    })
  }
  const change = parseInput(contract['schedules.create'].input, { ...planOf(found), ...said })
  const preview = await core.schedules.preview({ ...change, id: found.id }, { signal: cli.signal })
  const names = await namesOf(core, cli.signal)
  if (options.preview === true) {
    cli.out.result(preview, () => describePreview(preview, names))
    return
  }
  if (options.acceptRemovals !== true) refuseRemovals(preview)
  await core.schedules.update({ id: found.id, change }, { signal: cli.signal })
  const after = await findSchedule(core, found.id, cli.signal)
  cli.out.result(after, () => describeSchedule(after, names, cli.io.now()))
}

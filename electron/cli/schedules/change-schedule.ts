import * as z from 'zod'
import type { Action } from '../command.ts'
import { parseInput } from '../parse-input.ts'
import { describeSchedule, namesOf } from './describe-schedule.ts'
import { findSchedule } from './find-schedule.ts'
import { planOf } from './list-schedules.ts'
import { refuseRemovals } from './refuse-removals.ts'

const turnSchema = z.object({ acceptRemovals: z.literal(true).optional() })

/** Who removes what only this one keeps. */
const withoutIt = 'Without it, other schedules'

/** `schedule enable NAME` */
export const enableSchedule: Action = async (cli, args, given) => {
  const { acceptRemovals } = parseInput(turnSchema, given)
  await turn(cli, args, { enabled: true, accept: acceptRemovals === true })
}

/** `schedule disable NAME` */
export const disableSchedule: Action = async (cli, args, given) => {
  const { acceptRemovals } = parseInput(turnSchema, given)
  await turn(cli, args, { enabled: false, accept: acceptRemovals === true })
}

async function turn(
  cli: Parameters<Action>[0],
  [name = '']: readonly string[],
  { enabled, accept }: { enabled: boolean; accept: boolean },
): Promise<void> {
  const core = await cli.coreWithSecrets()
  const found = await findSchedule(core, name, cli.signal)
  const change = { ...planOf(found), enabled }
  if (!accept) {
    const preview = await core.schedules.preview(
      { ...change, id: found.id },
      { signal: cli.signal },
    )
    refuseRemovals(preview, enabled ? undefined : withoutIt)
  }
  await core.schedules.update({ id: found.id, change }, { signal: cli.signal })
  const after = await findSchedule(core, found.id, cli.signal)
  const names = await namesOf(core, cli.signal)
  cli.out.result(after, () => describeSchedule(after, names, cli.io.now()))
}

/** `schedule remove NAME` */
export const removeSchedule: Action = async (cli, [name = ''], given) => {
  const { acceptRemovals } = parseInput(turnSchema, given)
  const core = await cli.core()
  const found = await findSchedule(core, name, cli.signal)
  const { id } = found
  if (acceptRemovals !== true) {
    const off = { ...planOf(found), enabled: false, id }
    refuseRemovals(await core.schedules.preview(off, { signal: cli.signal }), withoutIt)
  }
  await core.schedules.remove({ id }, { signal: cli.signal })
  cli.out.result({ id, name, removed: true }, () =>
    acceptRemovals === true ? `Removed ${name}.` : `Removed ${name}. Its backups stay.`,
  )
}

import type { ScheduleView } from '../../../shared/contract/schedules.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'

/**
 * The schedule of that name or id.
 * @throws QuaysideError `not_found`; `invalid_input` when several have the name
 */
export async function findSchedule(
  core: Pick<Core, 'schedules'>,
  name: string,
  signal: AbortSignal,
): Promise<ScheduleView> {
  const all = await core.schedules.list({}, { signal })
  const [found, second] = all.filter((each) => each.name === name || each.id === name)
  if (second !== undefined) {
    throw new QuaysideError('invalid_input', `Several schedules are named "${name}".`, {
      hint: 'Name it by its id: "quayside schedule list --json" shows it.',
    })
  }
  if (found !== undefined) return found
  throw new QuaysideError('not_found', `There is no schedule named "${name}".`, {
    hint:
      all.length === 0
        ? 'There is none yet: "quayside schedule add --help".'
        : `The schedules are: ${all.map((each) => each.name).join(', ')}.`,
  })
}

import type { MethodOutput } from '../../../shared/contract/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'

/**
 * Backups that are there go by nobody's oversight.
 * @param whose what removes them, the first word of a sentence
 * @throws QuaysideError `invalid_input` with their list
 */
export function refuseRemovals(
  { removals, onceRead }: Pick<MethodOutput<'schedules.preview'>, 'removals' | 'onceRead'>,
  whose = 'Its retention',
): void {
  const all = removals.length + onceRead.length
  if (all === 0) return
  const count = all === 1 ? '1 backup' : `${all} backups`
  throw new QuaysideError('invalid_input', `${whose} would remove ${count} that are there.`, {
    hint: [
      'If you mean it, add: --accept-removals. They are:',
      ...removals.map(({ name }) => `  ${name}`),
      ...onceRead.map(({ name }) => `  ${name} (once it has been read back)`),
    ].join('\n'),
    field: 'retention',
  })
}

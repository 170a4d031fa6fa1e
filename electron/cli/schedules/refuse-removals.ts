import type { MethodOutput } from '../../../shared/contract/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'

/** Backups that are there go by nobody's oversight. @throws QuaysideError `invalid_input` with their list */
export function refuseRemovals({ removals }: MethodOutput<'schedules.preview'>): void {
  if (removals.length === 0) return
  const count = removals.length === 1 ? '1 backup' : `${removals.length} backups`
  throw new QuaysideError('invalid_input', `Its retention would remove ${count} that are there.`, {
    hint: [
      'If you mean it, add: --accept-removals. They are:',
      ...removals.map(({ name }) => `  ${name}`),
    ].join('\n'),
    field: 'retention',
  })
}

import type { Codec } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'

/** Compressed bytes that are not what some compressor has written, whole and nothing else. */
export function damagedData(codec: Codec, cause: unknown): QuaysideError {
  return new QuaysideError('backup_damaged', `The ${codec} data is damaged or cut off.`, {
    hint: 'Use another copy or another backup.',
    cause,
  })
}

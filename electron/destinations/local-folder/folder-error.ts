import * as z from 'zod'
import { isAbort, QuaysideError } from '../../../shared/errors.ts'

const systemErrorSchema = z.object({ code: z.string() }).loose()

/** The system's code of an error, `ENOSPC` say. */
export function codeOf(thrown: unknown): string | undefined {
  return systemErrorSchema.safeParse(thrown).data?.code
}

export function folderMissing(folder: string): QuaysideError {
  return new QuaysideError('destination_unreachable', `The folder ${folder} is not there.`, {
    hint: 'Connect the disk or the share it lies on, or make the folder again.',
  })
}

/** What the file system said, in words. */
export function folderError(thrown: unknown, folder: string): unknown {
  if (thrown instanceof QuaysideError || isAbort(thrown)) return thrown
  const code = codeOf(thrown)
  const detail = thrown instanceof Error ? thrown.message : String(thrown)
  switch (code) {
    case undefined:
      return thrown
    case 'ENOSPC':
    case 'EDQUOT':
      return new QuaysideError('destination_full', `The disk of ${folder} is full.`, {
        hint: 'Free space there, or choose another destination, then retry. What was begun is removed.',
        detail,
      })
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new QuaysideError('destination_denied', `Quayside may not write to ${folder}.`, {
        hint: 'Give your user the right to read and write there, or choose another folder.',
        detail,
      })
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
    case 'EHOSTDOWN':
    case 'ENOTCONN':
    case 'ETIMEDOUT':
      return folderMissing(folder)
    default:
      return new QuaysideError('destination_failed', `The folder ${folder} can’t be used.`, {
        hint: 'Look whether the disk is in order, then retry.',
        detail,
      })
  }
}

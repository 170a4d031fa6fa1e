import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `recoveryKey`. */
export function recoveryKeyHandlers({
  recoveryKey,
}: Pick<Core, 'recoveryKey'>): HandlersOf<'recoveryKey'> {
  return {
    'recoveryKey.status': recoveryKey.status,
    'recoveryKey.reveal': recoveryKey.reveal,
    'recoveryKey.copy': recoveryKey.copy,
    'recoveryKey.saveFile': recoveryKey.saveFile,
    'recoveryKey.confirm': recoveryKey.confirm,
    'recoveryKey.enter': recoveryKey.enter,
  }
}

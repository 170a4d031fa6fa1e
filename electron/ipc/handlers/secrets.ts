import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `secrets`. */
export function secretsHandlers({ secrets }: Pick<Core, 'secrets'>): HandlersOf<'secrets'> {
  return {
    'secrets.status': secrets.status,
    'secrets.createVault': secrets.createVault,
    'secrets.unlockVault': secrets.unlockVault,
  }
}

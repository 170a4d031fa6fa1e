import type { Core } from '../../domain/core.ts'
import type { HandlersOf } from './handler.ts'

/** What the window may ask of `tunnels`. */
export function tunnelHandlers({ tunnels }: Pick<Core, 'tunnels'>): HandlersOf<'tunnels'> {
  return {
    'tunnels.list': tunnels.list,
    'tunnels.open': tunnels.open,
    'tunnels.close': tunnels.close,
  }
}

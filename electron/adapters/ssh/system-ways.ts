import { isDeepStrictEqual } from 'node:util'
import type { SystemReason } from './system-reason.ts'
import type { Target } from './target.ts'

/** How the system's `ssh` got in where ssh2 did not. */
export interface SystemWay extends SystemReason {
  hostKey: Buffer
}

/**
 * Servers that only the system's `ssh` gets into, as this process has found out: so that no further
 * connection begins with a login that is refused, of which a server may count the tries (fail2ban).
 */
export interface SystemWays {
  /** Null also where anything about the login is another than it was. */
  find(target: Target): SystemWay | null
  remember(target: Target, way: SystemWay): void
  forget(target: Target): void
}

export function createSystemWays(): SystemWays {
  const ways = new Map<string, { target: Target; way: SystemWay }>()
  const nameOf = ({ alias, user, host, port }: Target) => JSON.stringify([alias, user, host, port])

  return {
    find(target) {
      const kept = ways.get(nameOf(target))
      return kept && isDeepStrictEqual(kept.target, target) ? kept.way : null
    },
    remember: (target, way) => void ways.set(nameOf(target), { target, way }),
    forget: (target) => void ways.delete(nameOf(target)),
  }
}

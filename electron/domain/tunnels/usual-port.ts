import type { DatabaseId } from '../../../shared/contract/databases.ts'

/** Below Linux's and IANA's ranges for outgoing connections, above the engines' own ports. */
const lowest = 15_000
const count = 15_000

/**
 * The local port a database's tunnel gets when it is free: derived from its id, so that a connection
 * string copied today works tomorrow.
 */
export function usualPort(id: DatabaseId): number {
  return lowest + (Number.parseInt(id.replaceAll('-', '').slice(0, 8), 16) % count)
}

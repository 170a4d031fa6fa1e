import type { HostId } from '../../../shared/contract/hosts.ts'
import type { Engine } from '../../engines/engine.ts'
import type { DatabaseRecord } from '../ports.ts'

/**
 * An image for work on files of a host: one that a database there runs from, so that nothing has to be
 * pulled; else that of the first engine.
 */
export function pickToolImage(
  databases: readonly DatabaseRecord[],
  hostId: HostId,
  engines: readonly Engine[],
): string {
  const there = databases.find((each) => each.hostId === hostId && each.state === 'ready')
  if (there !== undefined) return there.image
  const engine = engines[0]
  const version = engine?.info.versions[0]?.version
  if (engine === undefined || version === undefined) throw new Error('there is no engine')
  return engine.server({ version, user: 'x', password: 'x', database: 'x' }).image
}

import type { DatabaseStats } from '../../../shared/contract/databases.ts'
import type { DatabaseRecord } from '../ports.ts'
import type { DatabaseJobDeps } from './database-job.ts'
import { openSession } from './server.ts'

/** How long numbers may take before the caller is told that they don't come, milliseconds. */
const statsMs = 15_000

/** Reads a running database's numbers: the engine's own, and its container's. */
export async function readStats(
  deps: DatabaseJobDeps,
  record: DatabaseRecord,
  signal?: AbortSignal,
): Promise<DatabaseStats> {
  const limit = AbortSignal.timeout(statsMs)
  const both = signal === undefined ? limit : AbortSignal.any([signal, limit])
  const host = await deps.registry.ready(record.hostId, both)
  const engine = deps.engines.get(record.engine)
  const [{ cpuPercent, memoryBytes, memoryLimitBytes }, own] = await Promise.all([
    host.docker().containerStats(record.containerName, { signal: both }),
    openSession({ host, engine, secrets: deps.secrets, record }, both).then(async (session) => {
      try {
        return await session.stats()
      } finally {
        await session.close()
      }
    }),
  ])
  return { at: deps.clock.now(), ...own, cpuPercent, memoryBytes, memoryLimitBytes }
}

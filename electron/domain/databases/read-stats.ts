import type { DatabaseStats } from '../../../shared/contract/databases.ts'
import { callHost } from '../hosts/call-host.ts'
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
  const engine = deps.engines.get(record.engine)
  const call = { id: record.hostId, withinMs: statsMs, signal }
  const [container, own] = await callHost(deps.registry, call, (host, within) =>
    Promise.all([
      host.docker().containerStats(record.containerName, { signal: within }),
      openSession({ host, engine, secrets: deps.secrets, record }, within).then(async (session) => {
        try {
          return await session.stats()
        } finally {
          await session.close()
        }
      }),
    ]),
  )
  const { cpuPercent, memoryBytes, memoryLimitBytes } = container
  return { at: deps.clock.now(), ...own, cpuPercent, memoryBytes, memoryLimitBytes }
}

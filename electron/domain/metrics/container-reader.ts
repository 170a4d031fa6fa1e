import type { Host, Log } from '../ports.ts'
import type { ContainerReading } from './rates.ts'
import { parseReading } from './cgroup-reading.ts'
import { openScript, type ScriptChannel } from './script-channel.ts'

/** Reads the numbers of a host's containers, by container id; one that does not run is left out. */
export interface ContainerReader {
  read(ids: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, ContainerReading>>
  close(): void
}

/** The script answers within milliseconds; a busy host may need longer. */
const answerMs = 5_000
/** After the script did not work, Docker is asked for so long, milliseconds. */
const detourMs = 120_000
/** Docker takes up to a second for each container: one after another, thirty would outlast a beat. */
const askedAtOnce = 4

/**
 * One channel reads the control groups of all containers at once. Where a host has no shell for us,
 * or keeps its groups where they are not found, Docker is asked instead, a few containers at a time.
 */
export function createContainerReader(host: Host, log: Log): ContainerReader {
  let script: ScriptChannel | null = null
  let detourUntil = 0

  const readGroups = async (
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, ContainerReading>> => {
    if (performance.now() < detourUntil) return new Map()
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(answerMs)])
      script ??= await openScript(host, within)
      const { uptime, cpus, memoryBytes, containers } = parseReading(
        await script.ask(ids.join(' '), within),
      )
      return new Map(
        [...containers].map(([id, counters]) => [
          id,
          {
            ...counters,
            memoryLimitBytes: counters.memoryLimitBytes ?? memoryBytes,
            clock: uptime,
            cpus,
          },
        ]),
      )
    } catch (thrown) {
      script?.close()
      script = null
      signal.throwIfAborted()
      if (host.status.state !== 'ready' && host.status.state !== 'degraded') throw thrown
      detourUntil = performance.now() + detourMs
      log.warn('Docker is asked for statistics', { reason: String(thrown) })
      return new Map()
    }
  }

  return {
    read: async (ids, signal) => {
      const found = await readGroups(ids, signal)
      const missing = ids.filter((id) => !found.has(id))
      const ask = async (): Promise<void> => {
        for (let id = missing.pop(); id !== undefined; id = missing.pop()) {
          const reading = await readByDocker(host, id, signal)
          if (reading !== null) found.set(id, reading)
        }
      }
      await Promise.all(Array.from({ length: askedAtOnce }, ask))
      return found
    },
    close: () => {
      script?.close()
      script = null
    },
  }
}

/** Null when the container does not run, or is gone. */
async function readByDocker(
  host: Host,
  id: string,
  signal: AbortSignal,
): Promise<ContainerReading | null> {
  const container = await host.docker().inspectContainer(id, { signal })
  if (container?.state !== 'running') return null
  const { traffic, ...stats } = await host.docker().containerStats(id, { signal })
  return { ...stats, ...traffic, cpuSeconds: null, cpus: null, clock: performance.now() / 1000 }
}

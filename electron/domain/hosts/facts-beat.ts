import type { HostId } from '../../../shared/contract/hosts.ts'
import { isAnswering } from '../../../shared/host-status.ts'
import type { Clock, Log, Stores } from '../ports.ts'
import type { HostRegistry } from './host-registry.ts'

/** The window and its hosts come first, milliseconds. */
const firstMs = 5_000
/** How often it is looked whose facts are old; a host that has come back is found by it, milliseconds. */
const lookMs = 60_000
/** Facts are old after this, milliseconds. */
const oldMs = 10 * 60_000

export interface FactsBeatDeps {
  stores: Pick<Stores, 'hosts' | 'hostFacts'>
  registry: Pick<HostRegistry, 'opened'>
  clock: Clock
  log: Log
  /** Asks a host what it is, and keeps the answer. */
  read: (id: HostId, signal: AbortSignal) => Promise<unknown>
}

/** Asks each host that answers now and then, so that something is known of it once it no longer does. */
export interface FactsBeat {
  /** Once; a second call does nothing. */
  follow(): void
  stop(): void
}

export function createFactsBeat({ stores, registry, clock, log, read }: FactsBeatDeps): FactsBeat {
  const life = new AbortController()
  const { signal } = life
  let follows = false

  const isDue = (id: HostId): boolean => {
    const status = registry.opened(id)?.status
    if (status === undefined || !isAnswering(status)) return false
    const seenAt = stores.hostFacts.seenAt(id)
    // A time to come was noted by a clock that was wrong.
    return seenAt === null || Math.abs(clock.now() - seenAt) >= oldMs
  }

  const readOne = async (id: HostId): Promise<void> => {
    try {
      await read(id, signal)
    } catch (thrown) {
      if (!signal.aborted)
        log.info('a host did not tell what it is', { hostId: id, reason: String(thrown) })
    }
  }

  async function run(): Promise<void> {
    await clock.sleep(firstMs, signal)
    for (;;) {
      const due = stores.hosts.list().filter(({ id }) => isDue(id))
      await Promise.all(due.map(({ id }) => readOne(id)))
      await clock.sleep(lookMs, signal)
    }
  }

  return {
    follow() {
      if (follows) return
      follows = true
      run().catch((thrown: unknown) => {
        if (!signal.aborted) log.error('hosts are no longer asked what they are', thrown)
      })
    },
    stop: () => life.abort(),
  }
}

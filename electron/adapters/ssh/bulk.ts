import type { Agent } from 'node:http'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Bulk, Docker } from '../../domain/ports.ts'
import { createDockerAgents } from './docker-agents.ts'
import { findDocker, tryDocker } from './docker-way.ts'
import { dockerDown } from './errors.ts'
import { readFacts } from './host-facts.ts'
import type { Link } from './link.ts'

/** Over a long way the window is the speed: at 50 ms there and back about 130 MB/s. Bytes. */
const windowBytes = 8 * 2 ** 20

export interface BulkDeps {
  /** What users call the host. */
  name: string
  connect(signal: AbortSignal, windowBytes?: number): Promise<Link>
  dockerOver(transport: { agent: Agent; streamAgent: Agent }): Docker
  /** For the way there. */
  signal: AbortSignal
  /** Ends the connection with its host. */
  end: AbortSignal
}

/** See `Host.bulk`. */
export async function openBulk(deps: BulkDeps): Promise<Bulk> {
  const { name, connect, dockerOver, signal, end } = deps
  const link = await connect(signal, windowBytes)
  const close = (): void => link.close()
  end.addEventListener('abort', close, { once: true })
  const lost = new AbortController()
  void link.lost.then((reason) => {
    end.removeEventListener('abort', close)
    lost.abort(reason)
  })
  try {
    signal.throwIfAborted()
    // Also its first session, without which sshd holds up what follows a long answer's first packet.
    const facts = await readFacts(link, name, signal)
    const way = await tryDocker(link, findDocker(facts, name), facts, name, signal)
    const agents = createDockerAgents(
      async (options) => {
        try {
          return await way.open(options)
        } catch (error) {
          if (error instanceof QuaysideError) throw error
          throw link.reason ?? dockerDown(name, error)
        }
      },
      () => way.transport === 'dial-stdio' && link.crowded,
    )
    agents.fit(way.transport)
    link.onCrowded(() => agents.dropIdle())
    void link.lost.then(() => agents.destroy())
    const docker = dockerOver({ agent: agents.agent, streamAgent: agents.streamAgent })
    return {
      docker: () => docker,
      lost: lost.signal,
      close: async () => link.close(),
    }
  } catch (error) {
    link.close()
    throw error
  }
}

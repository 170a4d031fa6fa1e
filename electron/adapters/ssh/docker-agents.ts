import { Agent } from 'node:http'
import type { AgentOptions, ClientRequestArgs } from 'node:http'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'

const callsAtOnce = 8
/** Where each stream is a session of sshd's: three of either kind leave one for the other. */
const sessionsAtOnce = 3

/** HTTP agents whose connections are channels to Docker. They outlive the link they run over. */
export interface DockerAgents {
  /** For calls with a short answer; keeps its channels. */
  agent: Agent
  /** For hijacked connections and answers without an end; a channel each. */
  streamAgent: Agent
  /** Fits the agents to a way of reaching Docker. */
  fit(transport: 'stream-local' | 'dial-stdio'): void
  /** Closes channels that no call uses. */
  dropIdle(): void
  destroy(): void
}

/** @param open opens a channel to Docker; it may wait for the link */
export function createDockerAgents(
  open: (options: { allowHalfOpen: boolean }) => Promise<Duplex>,
): DockerAgents {
  const agent = new ChannelAgent(() => open({ allowHalfOpen: false }), {
    keepAlive: true,
    maxSockets: callsAtOnce,
  })
  const streamAgent = new ChannelAgent(() => open({ allowHalfOpen: true }), { keepAlive: false })
  return {
    agent,
    streamAgent,
    fit(transport) {
      const sessions = transport === 'dial-stdio'
      agent.maxSockets = sessions ? sessionsAtOnce : callsAtOnce
      streamAgent.maxSockets = sessions ? sessionsAtOnce : Infinity
    },
    dropIdle() {
      for (const sockets of Object.values(agent.freeSockets))
        for (const socket of sockets ?? []) socket.destroy()
    },
    destroy() {
      agent.destroy()
      streamAgent.destroy()
    },
  }
}

class ChannelAgent extends Agent {
  readonly #open: () => Promise<Duplex>

  constructor(open: () => Promise<Duplex>, options: AgentOptions) {
    super(options)
    this.#open = open
  }

  override createConnection(
    _options: ClientRequestArgs,
    done?: (error: Error | null, stream: Duplex) => void,
  ): undefined {
    this.#open().then(
      (stream) => done?.(null, stream),
      // Node calls back with the error alone.
      (error: unknown) => (done as ((error: unknown) => void) | undefined)?.(error),
    )
  }

  /**
   * docker-modem prints its options, agent and all, on every request, debugging or not: seven
   * milliseconds a call with all the sockets in it. https://github.com/apocas/docker-modem
   */
  [inspect.custom](): string {
    return 'ChannelAgent'
  }
}

import { Agent } from 'node:http'
import type { AgentOptions } from 'node:http'
import type { Duplex } from 'node:stream'
import { inspect } from 'node:util'
import { LateStream } from './late-stream.ts'

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

/**
 * @param open opens a channel to Docker; it may wait for the link
 * @param crowded true while a channel that is done with should make room for another
 */
export function createDockerAgents(
  open: (options: { allowHalfOpen: boolean; signal: AbortSignal }) => Promise<Duplex>,
  crowded: () => boolean = () => false,
): DockerAgents {
  const connect = (allowHalfOpen: boolean) => () =>
    new LateStream((signal) => open({ allowHalfOpen, signal }), allowHalfOpen)
  const agent = new ChannelAgent(connect(false), crowded, {
    keepAlive: true,
    maxSockets: callsAtOnce,
  })
  const streamAgent = new ChannelAgent(connect(true), crowded, { keepAlive: false })
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
  readonly #connect: () => Duplex

  readonly #crowded: () => boolean

  constructor(connect: () => Duplex, crowded: () => boolean, options: AgentOptions) {
    super(options)
    this.#connect = connect
    this.#crowded = crowded
  }

  override createConnection(): Duplex {
    return this.#connect()
  }

  /** Node asks once a call is done and none of this agent's own waits for the channel. */
  override keepSocketAlive(): boolean {
    return !this.#crowded()
  }

  /**
   * docker-modem prints its options, agent and all, on every request, debugging or not: seven
   * milliseconds a call with all the sockets in it. https://github.com/apocas/docker-modem
   */
  [inspect.custom](): string {
    return 'ChannelAgent'
  }
}

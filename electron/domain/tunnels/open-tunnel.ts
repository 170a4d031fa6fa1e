import type { Duplex } from 'node:stream'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { TunnelClientView, TunnelView } from '../../../shared/contract/tunnels.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock, Log, Loopback, LoopbackClient, LoopbackProgram } from '../ports.ts'
import { join } from './join.ts'

/** How long a client waits for a host that is just reconnecting, milliseconds. */
const clientWaitMs = 20_000
/** How many ports beside the database's own are tried. */
const otherPorts = 20
/** Clients may come and go by the hundred; the system is asked for their programs this seldom. */
const programsGapMs = 1_000

/** A port that listens, and whoever is connected to it. SSH is used for clients alone. */
export interface OpenTunnel {
  readonly localPort: number
  view(): Promise<Omit<TunnelView, 'armed' | 'elsewhere'>>
  close(): Promise<void>
}

export interface OpenTunnelDeps {
  loopback: Loopback
  clock: Clock
  log: Log
  /** Told when a client comes, is connected or goes. */
  changed: () => void
  /** A stream to the database; waits for its host as long as the signal allows. */
  reach: (signal: AbortSignal) => Promise<Duplex>
  /** How long a client waits at most, milliseconds. */
  patienceMs?: number | undefined
}

export interface OpenTunnelRequest {
  databaseId: DatabaseId
  remotePort: number
  /** Where the database's tunnel belongs. */
  ownPort: number
  /** This one or none. */
  wanted?: number | undefined
}

interface Client {
  end: LoopbackClient
  since: number
  connected: boolean
  /** Undefined until it was looked for. */
  program: LoopbackProgram | null | undefined
}

/** @throws QuaysideError `tunnel_port_taken` */
export async function openTunnel(
  { loopback, clock, log, changed, reach, patienceMs = clientWaitMs }: OpenTunnelDeps,
  { databaseId, remotePort, ownPort, wanted }: OpenTunnelRequest,
): Promise<OpenTunnel> {
  const clients = new Set<Client>()

  const carry = async (end: LoopbackClient): Promise<void> => {
    const client: Client = { end, since: clock.now(), connected: false, program: undefined }
    const gone = new AbortController()
    clients.add(client)
    changed()
    end.stream.once('close', () => {
      gone.abort(new Error('The client has gone.'))
      clients.delete(client)
      changed()
    })
    try {
      const limit = AbortSignal.any([gone.signal, AbortSignal.timeout(patienceMs)])
      join(end, await reach(limit))
      client.connected = true
      changed()
    } catch (thrown) {
      if (gone.signal.aborted) return
      log.warn('a tunnel could not carry a client', {
        database: databaseId,
        reason: String(thrown),
      })
      end.end()
    }
  }

  let identifiedAt = -Infinity
  /** Looks for the programs that were not looked for yet: a client's program does not change. */
  const identify = async (): Promise<void> => {
    const unknown = [...clients].filter((client) => client.program === undefined)
    if (unknown.length === 0 || Math.abs(clock.now() - identifiedAt) < programsGapMs) return
    identifiedAt = clock.now()
    const programs = await loopback.programs(new Set(unknown.map((client) => client.end.port)))
    for (const client of unknown) client.program = programs.get(client.end.port) ?? null
  }

  const openedAt = clock.now()
  const listener = await firstFree(loopback, { ownPort, wanted }, (end) => void carry(end))
  const moved = wanted === undefined && listener.port !== ownPort
  return {
    localPort: listener.port,
    view: async () => {
      await identify()
      return {
        databaseId,
        localPort: listener.port,
        remotePort,
        movedFrom: moved ? ownPort : null,
        clients: [...clients].map(viewClient),
        openedAt,
      }
    },
    close: () => listener.close(),
  }
}

function viewClient({ end, since, connected, program }: Client): TunnelClientView {
  const { sent, received } = end.traffic()
  return {
    address: `127.0.0.1:${end.port}`,
    state: connected ? 'connected' : 'waiting',
    since,
    bytesSent: sent,
    bytesReceived: received,
    program: program ?? null,
  }
}

/** The wanted port or nothing; else the database's own one, or one of those behind it. */
async function firstFree(
  loopback: Loopback,
  { ownPort, wanted }: Pick<OpenTunnelRequest, 'ownPort' | 'wanted'>,
  onClient: (client: LoopbackClient) => void,
) {
  if (wanted !== undefined) return loopback.listen(wanted, onClient)
  for (let port = ownPort; ; port++) {
    try {
      const next = port < ownPort + otherPorts && port <= 65_535 ? port : 0
      return await loopback.listen(next, onClient)
    } catch (thrown) {
      const taken = thrown instanceof QuaysideError && thrown.code === 'tunnel_port_taken'
      if (!taken || port >= ownPort + otherPorts) throw thrown
    }
  }
}

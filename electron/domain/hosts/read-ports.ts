import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { HostPort, HostPorts } from '../../../shared/contract/host-look.ts'
import { databaseIdOf } from '../databases/labels.ts'
import type { Clock, ContainerSummary, Host, HostConnector, HostRecord } from '../ports.ts'
import { judgePort, type FoundPort } from './judge-port.ts'
import type { RecogniseServer } from './known-servers.ts'
import {
  isEverywhere,
  isLoopback,
  plainAddress,
  readListeners,
  readPrograms,
  type Listener,
} from './listeners.ts'
import { partsOf, partsPrelude } from './script-parts.ts'

const script = `${partsPrelude}
part tcp; cat /proc/net/tcp /proc/net/tcp6 2>/dev/null
part programs; ss -ltnpH 2>/dev/null
part end
`

/** As many ports are tried from here at most, and as many at once. */
const mostTried = 64
const atOnce = 8

/** Tries to connect from this computer, once and without a word. */
export type ProbePort = (
  target: { address: string; port: number },
  signal: AbortSignal,
) => Promise<'open' | 'closed' | 'filtered'>

export interface PortsDeps {
  record: HostRecord
  clock: Clock
  connector: Pick<HostConnector, 'suggestions'>
  probePort: ProbePort
  known: (id: DatabaseId) => boolean
  recognise: RecogniseServer
}

/** Which ports a host listens on, who holds them, and which of them this computer gets through to. */
export async function readPorts(
  host: Host,
  { record, clock, connector, probePort, known, recognise }: PortsDeps,
  signal: AbortSignal,
): Promise<HostPorts> {
  const [{ stdout }, containers, wayIn] = await Promise.all([
    host.exec(['sh', '-c', script], { signal }),
    host.docker().listContainers({}, { signal }),
    wayInOf(record, connector, signal),
  ])
  const part = partsOf(stdout)
  const found = gather({
    listeners: readListeners(part('tcp')),
    programs: readPrograms(part('programs')),
    containers,
    known,
    recognise,
  })
  const open = found.flatMap(({ bound, port }) => (bound === 'network' ? [port] : []))
  const tried = wayIn === null ? untried : await tryAll(open, wayIn, probePort, signal)
  const ports = found.map((each) =>
    judgePort({
      ...each,
      fromHere: tried.get(each.port) ?? 'unknown',
      isWayIn: each.port === wayIn?.port,
    }),
  )
  return {
    at: clock.now(),
    triedAddress: tried.size === 0 || wayIn === null ? null : wayIn.address,
    complete: part('tcp') !== '',
    ports: ports.sort((one, other) => rank(one) - rank(other) || one.port - other.port),
  }
}

function rank({ verdict, bound }: HostPort): number {
  if (verdict === 'exposed') return 0
  if (verdict === 'note') return 1
  return bound === 'network' ? 2 : 3
}

/** Where this computer comes in to the host; null for itself, and where it does not know. */
async function wayInOf(
  { connection }: HostRecord,
  connector: Pick<HostConnector, 'suggestions'>,
  signal: AbortSignal,
): Promise<WayIn | null> {
  switch (connection.kind) {
    case 'ssh':
      return connection
    case 'ssh-config': {
      const { sshConfig } = await connector.suggestions(signal)
      return sshConfig.find(({ alias }) => alias === connection.alias) ?? null
    }
    case 'local':
      return null
  }
}

type Reached = Awaited<ReturnType<ProbePort>>

interface WayIn {
  address: string
  port: number
}

const untried: ReadonlyMap<number, Reached> = new Map()

/**
 * What ports of a host answer this computer; none where the address may be another machine's, whose
 * answers would say nothing of the host.
 */
export async function tryAll(
  ports: readonly number[],
  { address, port: wayIn }: WayIn,
  probePort: ProbePort,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, Reached>> {
  // What comes in by a port that nobody has there was passed on to it by a router.
  if (!ports.includes(wayIn)) return untried
  const answers = new Map<number, Reached>()
  const left = [wayIn, ...ports.filter((port) => port !== wayIn)].slice(0, mostTried)
  const work = async (): Promise<void> => {
    for (let port = left.shift(); port !== undefined; port = left.shift())
      answers.set(port, await probePort({ address, port }, signal))
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  // Where even the way in does not answer, the way there leads over another server.
  return answers.get(wayIn) === 'open' ? answers : untried
}

type Gathered = Omit<FoundPort, 'fromHere' | 'isWayIn'>

/** Listeners and what Docker publishes, a line for each port and whether the network is meant; pure. */
export function gather({
  listeners,
  programs,
  containers,
  known,
  recognise,
}: {
  listeners: readonly Listener[]
  programs: ReadonlyMap<string, string>
  containers: readonly ContainerSummary[]
  known: (id: DatabaseId) => boolean
  recognise: RecogniseServer
}): Gathered[] {
  const published = containers.flatMap((container) =>
    container.state === 'running' || container.state === 'paused'
      ? container.published.map((one) => ({
          ...one,
          address: plainAddress(one.address),
          container,
        }))
      : [],
  )
  const lines = new Map<string, Gathered>()
  // Where Docker forwards by rules of the firewall alone, no program listens.
  for (const { address, port } of [...listeners, ...published]) {
    const bound = isLoopback(address) ? 'loopback' : 'network'
    const key = `${bound} ${port}`
    const line = lines.get(key)
    if (line !== undefined) {
      if (!line.addresses.includes(address)) line.addresses.push(address)
      continue
    }
    const holder = published.find(
      (one) => one.port === port && (one.address === address || sameReach(one.address, address)),
    )
    const program = programs.get(`${address} ${port}`) ?? null
    const databaseId = holder === undefined ? null : databaseIdOf(holder.container.labels)
    lines.set(key, {
      port,
      addresses: [address],
      bound,
      heldBy:
        holder !== undefined
          ? {
              kind: 'container',
              name: holder.container.name,
              databaseId: databaseId !== null && known(databaseId) ? databaseId : null,
            }
          : program !== null
            ? { kind: 'program', name: program, databaseId: null }
            : null,
      containerPort: holder?.containerPort ?? null,
      server: recognise({
        port,
        containerPort: holder?.containerPort ?? null,
        image: holder?.container.image ?? null,
        program,
      }),
    })
  }
  return [...lines.values()]
}

function sameReach(one: string, other: string): boolean {
  return (isEverywhere(one) && isEverywhere(other)) || (isLoopback(one) && isLoopback(other))
}

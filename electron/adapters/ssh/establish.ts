import type { Duplex } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import { connectCommand, connectTcp, findAddress } from './dial.ts'
import {
  connectError,
  hostKeyChanged,
  hostKeyRevoked,
  hostKeyUnknown,
  isProhibited,
  forwardingDenied,
} from './errors.ts'
import { hostKeyOf } from './host-keys.ts'
import type { HostKeys } from './host-keys.ts'
import { fingerprint } from './known-hosts.ts'
import { createLink } from './link.ts'
import type { Link } from './link.ts'
import { nameOf } from './route.ts'
import { createSystemLink } from './system-link.ts'
import { seeHostKey } from './system-host-key.ts'
import { startMaster } from './system-master.ts'
import { systemReason } from './system-reason.ts'
import type { SystemReason } from './system-reason.ts'
import { startSingles } from './system-singles.ts'
import type { SystemWay, SystemWays } from './system-ways.ts'
import type { Route, Target } from './target.ts'

/** Steps of the way, as they are reached. The last hop is the host; the others are jump hosts. */
export interface WayEvents {
  onAddress?(target: Target, address: string | null): void
  onBanner?(target: Target, banner: string): void
  /** `blob` is the key as the server sent it. */
  onTrusted?(target: Target, blob: Buffer): void
  /** The login waits for someone to touch a security key. */
  onTouch?(target: Target): void
  onLogin?(target: Target, way: string): void
}

export interface Way {
  route: Route
  /** What users call the host. */
  name: string
  hostKeys: HostKeys
  /** The fingerprint the user has accepted: a key seen for the first time is pinned if it has it. */
  acceptHostKey?: string | undefined
  events?: WayEvents | undefined
  /** Where the way by the system's `ssh` is known already; else ssh2 is tried first. */
  systemWays?: SystemWays | undefined
  /** False where the system's `ssh` cannot share a connection, as that of Windows. */
  sharing: boolean
  /** How much the host may send ahead on a stream, bytes; ssh's own where left out. */
  windowBytes?: number | undefined
  signal: AbortSignal
}

/** Goes the whole way to a host. Throws a QuaysideError, and then leaves nothing open. */
export async function establish(way: Way): Promise<Link> {
  const links: Link[] = []
  try {
    for (const target of way.route) {
      links.push(await pass(target, links.at(-1) ?? null, way))
    }
  } catch (error) {
    for (const link of links.reverse()) link.close()
    throw error
  }
  const last = links.at(-1)
  if (last === undefined) throw new Error('A route has a target.')
  const jumps = links.slice(0, -1)
  for (const jump of jumps) void last.lost.then(() => jump.close())
  const gone = Promise.all(links.flatMap(({ ended }) => (ended === undefined ? [] : [ended])))
  last.ended = gone.then(() => undefined)
  last.systemSshJumps = jumps.flatMap(({ systemSsh: why }, n) => {
    const target = way.route[n]
    return target === undefined || why === undefined
      ? []
      : [{ host: target.alias ?? target.host, why }]
  })
  return last
}

/** By ssh2, and once more by the system's `ssh` where that has what ssh2 lacks. */
async function pass(target: Target, jump: Link | null, way: Way): Promise<Link> {
  const link = await passAsBefore(target, jump, way)
  if (link !== null) return link
  const seen: { blob: Buffer | null } = { blob: null }
  const socket = await reach(target, jump, way)
  try {
    return await logIn(target, socket, way, seen)
  } catch (error) {
    socket.destroy()
    const reason = await systemReason(target, error)
    if (reason === null) throw error
    return await logInBySystem(target, jump, way, seen.blob, reason, error).catch(
      (second: unknown) => {
        // Where ssh is missing, what ssh2 said counts.
        throw second instanceof Error && 'code' in second && second.code === 'ENOENT'
          ? error
          : second
      },
    )
  }
}

/** By the system's `ssh` at once, where nothing else got in before; null where that no longer fits. */
async function passAsBefore(target: Target, jump: Link | null, way: Way): Promise<Link | null> {
  const { systemWays, hostKeys } = way
  const known = systemWays?.find(target) ?? null
  if (known === null) return null
  const { kind } = await hostKeys.judge(nameOf(target), known.hostKey, target.knownHostsFiles)
  if (kind === 'known') {
    const socket = await reach(target, jump, way)
    try {
      const link = await startSystemLink(target, socket, way, known, again(target, jump, way))
      way.events?.onTrusted?.(target, known.hostKey)
      return link
    } catch (error) {
      // A network that fails says nothing about the login.
      const refused = error instanceof QuaysideError && error.code === 'login_refused'
      if (refused) systemWays?.forget(target)
      if (refused || !isOutdated(error)) throw error
    }
  }
  systemWays?.forget(target)
  return null
}

/**
 * @param trusted the key that was found good already, if any was seen
 * @param refusal what ssh2 came upon, told where the system's `ssh` does not even see a key
 */
async function logInBySystem(
  target: Target,
  jump: Link | null,
  way: Way,
  trusted: Buffer | null,
  reason: SystemReason,
  refusal: unknown,
): Promise<Link> {
  const { hostKeys, events, signal } = way
  const reachAgain = again(target, jump, way)
  const key = trusted ?? (await see())
  const known = { ...reason, hostKey: key }
  return await startSystemLink(target, await reachAgain(signal), way, known, reachAgain)

  async function see(): Promise<Buffer> {
    const known = await hostKeys.knownTypes(nameOf(target), target.knownHostsFiles)
    const socket = await reachAgain(signal)
    const blob = await seeHostKey(socket, target, known, signal).finally(() => socket.destroy())
    if (blob === null) throw refusal
    await verify(target, nameOf(target), blob, way)
    events?.onTrusted?.(target, blob)
    return blob
  }
}

async function startSystemLink(
  target: Target,
  socket: Duplex,
  way: Way,
  known: SystemWay,
  reachAgain: (signal: AbortSignal) => Promise<Duplex>,
): Promise<Link> {
  const { signal, events, systemWays, sharing } = way
  const { why, touch } = known
  if (touch) events?.onTouch?.(target)
  const starting = sharing
    ? startMaster(socket, target, known, signal)
    : startSingles(socket, target, known, signal, reachAgain)
  const carrier = await starting.catch((error: unknown) => {
    socket.destroy()
    throw error
  })
  events?.onLogin?.(target, `the system’s ssh: ${why}`)
  systemWays?.remember(target, known)
  return createSystemLink(carrier, socket, calledIn(way, target), why)
}

/** What messages call a server on the way: the host by its name, a jump host by its address. */
function calledIn({ route, name }: Way, target: Target): string {
  return target === route.at(-1) ? name : target.host
}

/** One more connection to a server, of which nothing is told. */
function again(target: Target, jump: Link | null, way: Way) {
  return (signal: AbortSignal) => reach(target, jump, { ...way, events: undefined, signal })
}

async function reach(target: Target, jump: Link | null, way: Way): Promise<Duplex> {
  const { signal, events } = way
  if (jump) {
    events?.onAddress?.(target, null)
    try {
      return await jump.openPort(target.host, target.port, signal)
    } catch (error) {
      if (error instanceof QuaysideError || signal.aborted) throw error
      if (isProhibited(error)) throw forwardingDenied('the jump host', error)
      throw connectError(Object.assign(new Error(messageOf(error)), { code: 'ETIMEDOUT' }), target)
    }
  }
  if (target.proxyCommand !== null) {
    events?.onAddress?.(target, null)
    return connectCommand(target.proxyCommand)
  }
  const addresses = await findAddress(target, signal)
  events?.onAddress?.(target, addresses[0]?.address ?? null)
  return await connectTcp(target, addresses, signal)
}

async function logIn(
  target: Target,
  socket: Duplex,
  way: Way,
  seen: { blob: Buffer | null },
): Promise<Link> {
  const { events, hostKeys, signal } = way
  const name = nameOf(target)
  let shown: Buffer = Buffer.alloc(0)
  // ssh2 is loaded with the first connection: the window needs none to open.
  const { handshake } = await import('./handshake.ts')
  const client = await handshake({
    socket,
    target,
    signal,
    knownTypes: await hostKeys.knownTypes(name, target.knownHostsFiles),
    verify: async (blob) => {
      shown = blob
      await verify(target, name, blob, way)
    },
    onBanner: (banner) => events?.onBanner?.(target, banner),
    onTrusted: () => {
      seen.blob = shown
      events?.onTrusted?.(target, shown)
    },
    onLogin: (login) => events?.onLogin?.(target, login),
  })
  return createLink(client, socket, calledIn(way, target), way.windowBytes)
}

async function verify(target: Target, name: string, blob: Buffer, way: Way): Promise<void> {
  const verdict = await way.hostKeys.judge(name, blob, target.knownHostsFiles)
  const key = hostKeyOf(blob)
  switch (verdict.kind) {
    case 'known':
      return
    case 'revoked':
      throw hostKeyRevoked(target, key)
    case 'changed':
      throw hostKeyChanged(target, hostKeyOf(verdict.pinned.blob), key)
    case 'unknown':
      if (way.acceptHostKey === fingerprint(blob)) return way.hostKeys.pin(name, blob, false)
      throw hostKeyUnknown(target, key, {
        certificates: verdict.certificates,
        accepted: way.acceptHostKey,
      })
  }
}

/** Without `ssh`, or with another key of the server's: the whole way shows what to make of it. */
function isOutdated(error: unknown): boolean {
  if (error instanceof QuaysideError) return /host key|no matching/i.test(error.detail ?? '')
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}

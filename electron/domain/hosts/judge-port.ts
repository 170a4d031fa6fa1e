import type { HostPort } from '../../../shared/contract/host-look.ts'
import type { ServerMark } from '../../engines/engine.ts'
import { isEverywhere } from './listeners.ts'

/** Ports that a server on the network is there for: those of web servers. */
const webPorts = [80, 443]

export interface FoundPort extends Pick<
  HostPort,
  'port' | 'addresses' | 'bound' | 'heldBy' | 'fromHere'
> {
  server: ServerMark | null
  /** Where it leads inside the container that publishes it. */
  containerPort: number | null
  /** Quayside itself comes in by it. */
  isWayIn: boolean
}

/**
 * What should be: databases on the loopback alone, SSH and web servers open. Everything else is for
 * the user to say. A database that the network reaches is exposed; one that only this computer can't
 * reach is worth a note, as others may.
 */
export function judgePort(found: FoundPort): HostPort {
  const { port, addresses, bound, heldBy, fromHere, server } = found
  const view = { port, addresses, bound, heldBy, fromHere, serves: server?.label ?? null }
  const fine = { verdict: 'expected', reason: null, hint: null, remedy: null } as const
  if (bound === 'loopback') return { ...view, ...fine, shouldBe: 'closed' }
  if (found.isWayIn || heldBy?.name === 'sshd' || webPorts.includes(port))
    return { ...view, ...fine, shouldBe: 'open' }
  const database = heldBy !== null && heldBy.databaseId !== null
  if (server === null && !database)
    return {
      ...view,
      shouldBe: null,
      verdict: 'note',
      reason: 'Quayside does not know whether this should be open.',
      hint: null,
      remedy: null,
    }
  const exposed = fromHere === 'open' || fromHere === 'unknown'
  return {
    ...view,
    shouldBe: 'closed',
    verdict: exposed ? 'exposed' : 'note',
    reason: reasonOf(found),
    ...wayOut(found),
  }
}

function reasonOf({ server, heldBy, addresses, fromHere }: FoundPort): string {
  const who = server?.label ?? heldBy?.name ?? 'A database'
  const where = addresses.some(isEverywhere)
    ? 'every network address'
    : `the network address ${addresses.join(' and ')}`
  switch (fromHere) {
    case 'open':
      return `${who} listens on ${where} and answers this computer over the network.`
    case 'unknown':
      return `${who} listens on ${where}.`
    case 'closed':
      return `${who} listens on ${where} and refuses this computer now: it may be starting, or a firewall stands before it.`
    case 'filtered':
      return `${who} listens on ${where}. This computer is kept out, perhaps by a firewall; others may not be.`
  }
}

function wayOut(found: FoundPort): Pick<HostPort, 'hint' | 'remedy'> {
  const { port, containerPort, heldBy, server } = found
  if (heldBy?.kind === 'container' && containerPort !== null)
    return {
      hint: `Make the container ${heldBy.name} anew with its port on the loopback, or close the port before the server. Rules of ufw do not hold for ports that Docker publishes.`,
      remedy: `-p 127.0.0.1:${port}:${containerPort}`,
    }
  if (server === null)
    return { hint: 'Bind it to 127.0.0.1, or close the port by a firewall.', remedy: null }
  return {
    hint: `Set this in ${server.setting.file} and restart it, or close the port by a firewall. Tunnels still lead there.`,
    remedy: server.setting.line,
  }
}

import { networkInterfaces } from 'node:os'

export { probePort } from './probe-port.ts'

/** Between two looks, milliseconds. A look costs some ten microseconds. */
const lookMs = 2_000

export interface NetworkWatchOptions {
  /** This computer's interfaces, as Node tells them. */
  interfaces?: typeof networkInterfaces
  everyMs?: number
}

/**
 * Calls back whenever this computer has got or lost an address: another Wi-Fi, a cable, a VPN. No
 * system tells Node of it, so it looks. Returns the way to stop; the timer keeps no process alive.
 */
export function watchNetwork(
  onChange: () => void,
  { interfaces = networkInterfaces, everyMs = lookMs }: NetworkWatchOptions = {},
): () => void {
  let before = addressesOf(interfaces())
  const timer = setInterval(() => {
    const now = addressesOf(interfaces())
    if (now === before) return
    before = now
    onChange()
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** What leads elsewhere. Containers come and go with link-local addresses, which lead nowhere. */
function addressesOf(interfaces: ReturnType<typeof networkInterfaces>): string {
  return Object.entries(interfaces)
    .flatMap(([name, all]) =>
      (all ?? [])
        .filter(({ internal, address }) => !internal && !/^(?:fe80:|169\.254\.)/i.test(address))
        .map(({ cidr, address }) => `${name} ${cidr ?? address}`),
    )
    .sort()
    .join('\n')
}

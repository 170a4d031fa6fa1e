import type { Host } from '../ports.ts'

/** TCP state `LISTEN` in /proc/net/tcp, see proc(5). */
const listening = '0A'

/**
 * TCP ports that something on the host listens on, as its kernel says. Empty where there is no
 * /proc (Docker Desktop): there the start of the container finds out.
 */
export async function takenPorts(host: Host, signal: AbortSignal): Promise<Set<number>> {
  const { stdout } = await host.exec(['cat', '/proc/net/tcp', '/proc/net/tcp6'], { signal })
  return listeningPorts(stdout)
}

/** The local ports of all listening sockets in the text of /proc/net/tcp and tcp6. */
export function listeningPorts(text: string): Set<number> {
  const ports = new Set<number>()
  for (const line of text.split('\n')) {
    const [, local, , state] = line.trim().split(/\s+/)
    if (state !== listening || local === undefined) continue
    const port = Number.parseInt(local.slice(local.lastIndexOf(':') + 1), 16)
    if (Number.isInteger(port)) ports.add(port)
  }
  return ports
}

import type { TunnelClientView } from '../../shared/contract/tunnels.ts'
import { now } from './data.ts'

/** Clients of an invented tunnel: two known programs, one of another user, one that waits. */
export const tunnelClients: TunnelClientView[] = [
  client(51240, 'psql', 41_822, 4_020, 1_840, 212_400),
  client(51296, 'node', 9_310, 3_600_000, 18_400_000, 2_140_000_000),
  { ...client(51302, 'dbeaver', 22_114, 61_000, 44_100, 918_000), program: null },
  { ...client(51344, 'node', 9_310, 2_000, 0, 0), state: 'waiting' },
]

function client(
  port: number,
  name: string,
  pid: number,
  forMs: number,
  bytesSent: number,
  bytesReceived: number,
): TunnelClientView {
  return {
    address: `127.0.0.1:${port}`,
    state: 'connected',
    since: now - forMs,
    bytesSent,
    bytesReceived,
    program: { pid, name },
  }
}

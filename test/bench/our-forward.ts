// Our tunnel as a program of its own, as ssh -L is one: what else a process holds and does must not
// count for one of them alone. Its input is what `openHost` needs and the port; prints the local port.
import { text } from 'node:stream/consumers'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { createLoopback } from '../../electron/adapters/loopback/index.ts'
import { openTunnel } from '../../electron/domain/tunnels/open-tunnel.ts'
import { reachPort } from '../../electron/domain/tunnels/reach-port.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import type { BenchLab } from './bench-lab.ts'
import { openHost } from './open-host.ts'
import { silentLog } from '../../electron/domain/silent-log.ts'

/** What the program is told. */
export interface Task extends Pick<BenchLab, 'connection' | 'home' | 'host'> {
  remotePort: number
}

const { remotePort, ...lab } = JSON.parse(await text(process.stdin)) as Task
const host = await openHost(lab, AbortSignal.timeout(60_000))
const clock = createClock()
const { localPort } = await openTunnel(
  {
    loopback: createLoopback(),
    clock,
    log: silentLog,
    changed: () => undefined,
    reach: (signal) => reachPort({ host, clock }, remotePort, signal),
  },
  { databaseId: databaseIdSchema.parse(crypto.randomUUID()), remotePort, ownPort: 0, wanted: 0 },
)
console.log(localPort)

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { createLoopback } from '../../electron/adapters/loopback/index.ts'
import { openTunnel } from '../../electron/domain/tunnels/open-tunnel.ts'
import { reachPort } from '../../electron/domain/tunnels/reach-port.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import type { BenchLab } from './bench-lab.ts'
import { openHost } from './open-host.ts'
import { contender, race } from './race.ts'
import { rowOf, times, type Benchmark } from './row.ts'

const ends = fileURLToPath(new URL('tunnel-ends.ts', import.meta.url))
const remotePort = 47_001
const peerPort = 47_002
const bytes = 64 * 1024 * 1024
const trips = 200

/** 64 MiB through a tunnel, against `ssh -L`; the floor is the same connection without SSH. */
export const tunnelThroughput: Benchmark = {
  name: 'tunnel',
  measure: (lab, signal) => measure('tunnel', { bytes, trips: 0, rounds: 9 }, lab, signal),
  aims: ({ ours, peer }) => [
    { text: `0.9 of ssh -L’s throughput: ${times(peer, ours)}`, met: peer / ours >= 0.9 },
  ],
}

/** Two hundred round trips of one byte on a connection that is open, its opening included. */
export const tunnelLatency: Benchmark = {
  name: 'tunnel-latency',
  measure: (lab, signal) => measure('tunnel-latency', { bytes: 0, trips, rounds: 15 }, lab, signal),
  aims: ({ ours, peer }) => [
    { text: `within 1.3 times ssh -L: ${times(ours, peer)}`, met: ours / peer <= 1.3 },
  ],
}

interface Work {
  bytes: number
  trips: number
  rounds: number
}

async function measure(name: string, work: Work, lab: BenchLab, signal: AbortSignal) {
  const programs: ChildProcess[] = []
  const start = (program: string, args: string[], env = process.env) => {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
    programs.push(child)
    return { child, lines: createInterface({ input: child.stdout }) }
  }
  const host = await openHost(lab, signal)
  const tunnel = await openOurs(host)
  try {
    const serving = lab.onHost(`exec ${process.execPath} ${ends} serve ${remotePort}`)
    // Where it could not start, no probe succeeds.
    serving.catch(() => undefined)
    const client = start(process.execPath, [ends, 'ask'])
    const forward = `${peerPort}:127.0.0.1:${remotePort}`
    start('ssh', ['-N', '-o', 'ExitOnForwardFailure=yes', '-L', forward, lab.target], lab.env)

    const through = (address: string, port: number) =>
      contender(async () => {
        const answer = once(client.lines, 'line', { signal })
        client.child.stdin.write(`${address} ${port} ${work.bytes} ${work.trips}\n`)
        const [text] = (await answer) as [string]
        if (text !== 'done') throw new Error(`${address}:${port} ${text}`)
      })
    const ours = through('127.0.0.1', tunnel.localPort)
    const peer = through('127.0.0.1', peerPort)
    const floor = through(lab.host.ssh.host, remotePort)
    await untilOpen(() => floor.turn(true), signal)
    await untilOpen(() => peer.turn(true), signal)
    await race([ours, peer, floor], { rounds: work.rounds, signal })
    return rowOf(name, { ours: ours.median(), peer: peer.median(), floor: floor.median() })
  } finally {
    for (const program of programs) program.kill('SIGKILL')
    connect(remotePort, lab.host.ssh.host)
      .on('error', () => undefined)
      .end('stop\n')
    await tunnel.close()
    await host.close()
  }
}

function openOurs(host: Awaited<ReturnType<typeof openHost>>) {
  const clock = createClock()
  return openTunnel(
    {
      loopback: createLoopback(),
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      changed: () => undefined,
      reach: (signal) => reachPort({ host, clock }, remotePort, signal),
    },
    { databaseId: databaseIdSchema.parse(crypto.randomUUID()), remotePort, ownPort: 0, wanted: 0 },
  )
}

/** ssh says nothing when its port is open. */
async function untilOpen(probe: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await probe()
    } catch (thrown) {
      if (tries >= 50) throw thrown
      await createClock().sleep(100, signal)
    }
  }
}

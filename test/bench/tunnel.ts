import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface, type Interface } from 'node:readline'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { createClock } from '../../electron/adapters/clock/index.ts'
import type { BenchLab } from './bench-lab.ts'
import type { Task } from './our-forward.ts'
import { contender, race } from './race.ts'
import { rowOf, times, type Benchmark } from './row.ts'

const ends = fileURLToPath(new URL('tunnel-ends.ts', import.meta.url))
const our = fileURLToPath(new URL('our-forward.ts', import.meta.url))
const bare = fileURLToPath(new URL('bare-forward.ts', import.meta.url))
const remotePort = 47_001
const peerPort = 47_002
const bytes = 64 * 1024 * 1024
const trips = 1_000

/** 64 MiB through a tunnel, against `ssh -L`; the floor is the same connection without SSH. */
export const tunnelThroughput: Benchmark = {
  name: 'tunnel',
  measure: (lab, signal) =>
    measure('tunnel', againstSsh, { bytes, trips: 0, rounds: 9 }, lab, signal),
  aims: ({ ours, peer }) => [
    { text: `0.9 of ssh -L’s throughput: ${times(peer, ours)}`, met: peer / ours >= 0.9 },
  ],
}

/**
 * A thousand round trips of one byte on one connection, its opening included: enough of them for
 * scripts that have been compiled, as they are in an app that is open all day. Seen on two busy cores:
 * 1.2 to 1.4 times `ssh -L`, where it was 1.7 to 1.9 before a packet left in one write. A forward by
 * ssh2 alone took 2.1 times, one by Node without SSH 0.7. From the moment a packet is read until it is
 * written on, it took 44 µs up and 42 down; with ciphers made ahead, random bytes in stock and short
 * packets that wait for no others it takes some 20 each. The rest is the system's: two writes, of 15
 * to 30 µs, that each wake a program. AES-CTR and ChaCha20 were slower.
 */
export const tunnelLatency: Benchmark = {
  name: 'tunnel-latency',
  measure: (lab, signal) =>
    measure('tunnel-latency', againstSsh, { bytes: 0, trips, rounds: 15 }, lab, signal),
  aims: ({ ours, peer }) => [
    { text: `within 1.3 times ssh -L: ${times(ours, peer)}`, met: ours / peer <= 1.3 },
  ],
}

/**
 * The same round trips against a forward by ssh2 with none of our code in it; the floor is a forward
 * by Node without SSH. It tells how much of a round trip is ours to mend.
 */
export const tunnelAlone: Benchmark = {
  name: 'tunnel-alone',
  measure: (lab, signal) =>
    measure('tunnel-alone', againstBare, { bytes: 0, trips, rounds: 15 }, lab, signal),
  aims: ({ ours, peer }) => [
    { text: `no slower than ssh2 by itself: ${times(ours, peer)}`, met: ours <= peer },
  ],
}

interface Work {
  bytes: number
  trips: number
  rounds: number
}

interface Way {
  address: string
  port: number
}

type Start = (program: string, args: string[], env?: NodeJS.ProcessEnv) => Program

interface Program {
  child: ChildProcess & { stdin: Writable }
  lines: Interface
}

/** Opens what our tunnel is measured against. */
type Others = (lab: BenchLab, start: Start) => Promise<{ peer: Way; floor: Way }>

const againstSsh: Others = (lab, start) => {
  const forward = `${peerPort}:127.0.0.1:${remotePort}`
  start('ssh', ['-N', '-o', 'ExitOnForwardFailure=yes', '-L', forward, lab.target], lab.env)
  return Promise.resolve({
    peer: { address: '127.0.0.1', port: peerPort },
    floor: { address: lab.host.ssh.host, port: remotePort },
  })
}

const againstBare: Others = async ({ host: { ssh } }, start) => {
  const open = (...args: string[]) => wayOf(start(process.execPath, [bare, ...args]).lines)
  const [target, port] = [String(remotePort), String(ssh.port)]
  return {
    peer: await open('ssh2', target, ssh.host, port, ssh.user, ssh.keyPath),
    floor: await open('tcp', target, ssh.host),
  }
}

async function openOurs({ connection, home, host }: BenchLab, start: Start): Promise<Way> {
  const { child, lines } = start(process.execPath, [our])
  const task: Task = { connection, home, host, remotePort }
  child.stdin.end(JSON.stringify(task))
  return await wayOf(lines)
}

/** The way that a program tells once it is open. */
async function wayOf(lines: Interface): Promise<Way> {
  const [port] = (await once(lines, 'line', { signal: AbortSignal.timeout(60_000) })) as [string]
  return { address: '127.0.0.1', port: Number(port) }
}

async function measure(
  name: string,
  others: Others,
  work: Work,
  lab: BenchLab,
  signal: AbortSignal,
) {
  const programs: ChildProcess[] = []
  const start: Start = (program, args, env = process.env) => {
    const child = spawn(program, args, { env, stdio: ['pipe', 'pipe', 'inherit'] })
    programs.push(child)
    return { child, lines: createInterface({ input: child.stdout }) }
  }
  try {
    const serving = lab.onHost(`exec ${process.execPath} ${ends} serve ${remotePort}`)
    // Where it could not start, no probe succeeds.
    serving.catch(() => undefined)
    const client = start(process.execPath, [ends, 'ask'])
    const { peer: other, floor: least } = await others(lab, start)

    const through = ({ address, port }: Way) =>
      contender(async () => {
        const answer = once(client.lines, 'line', { signal })
        client.child.stdin.write(`${address} ${port} ${work.bytes} ${work.trips}\n`)
        const [text] = (await answer) as [string]
        if (text !== 'done') throw new Error(`${address}:${port} ${text}`)
      })
    const ours = through(await openOurs(lab, start))
    const peer = through(other)
    const floor = through(least)
    await untilOpen(() => floor.turn(true), signal)
    await untilOpen(() => peer.turn(true), signal)
    await race([ours, peer, floor], { rounds: work.rounds, signal })
    return rowOf(name, { ours: ours.median(), peer: peer.median(), floor: floor.median() })
  } finally {
    for (const program of programs) program.kill('SIGKILL')
    connect(remotePort, lab.host.ssh.host)
      .on('error', () => undefined)
      .end('stop\n')
  }
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

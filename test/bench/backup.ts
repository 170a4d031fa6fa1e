import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { mustRun, say } from '../../scripts/program.ts'
import { memoryOf, rounds, withBackups, type BackupBench } from './backup-bench.ts'
import type { BenchLab } from './bench-lab.ts'
import { contender, race } from './race.ts'
import { rowOf, times, type Benchmark } from './row.ts'

const settleMs = 3_000

/**
 * A backup from the request until it was read back whole: dumped, compressed, encrypted, stored in a
 * folder of this computer, verified. Against what one would type, which does the first two alone; the
 * floor is the dump tool on the host, neither compressing nor sending.
 */
export const backup: Benchmark = {
  name: 'backup',
  measure: (lab, signal) =>
    withBackups(lab, 'bench-backup', async (bench) => {
      const ours = contender(() => bench.ask('backup'))
      const peer = contender(() => byHand(lab, bench))
      const floor = contender(() => lab.onHost(`${dumpBy(bench)} -Z0 >/dev/null`))
      await race([ours, peer, floor], { rounds, signal })
      return rowOf('backup', {
        ours: ours.median(),
        peer: peer.median(),
        floor: floor.median(),
      })
    }),
  aims: ({ ours, peer }) => [
    { text: `0.8 of pg_dump over ssh: ${times(ours, peer)}`, met: ours / peer <= 0.8 },
  ],
}

/**
 * The most memory (RSS) that the process takes for a backup beyond what it takes at rest. The peer is
 * `ssh` while it does the same by hand, the floor Node.js while it hashes the file.
 */
export const backupMemory: Benchmark = {
  name: 'backup-memory',
  measure: (lab, signal) =>
    withBackups(lab, 'bench-memory', async (bench) => {
      const growth = async (work: () => Promise<unknown>): Promise<number> => {
        await sleep(settleMs, undefined, { signal })
        await bench.resetPeak()
        const { now } = await bench.memory()
        await work()
        return (await bench.memory()).peak - now
      }
      const ours = await growth(() => bench.ask('backup'))
      const again = await growth(() => bench.ask('backup'))
      say(`  backup-memory: ${Math.round(again)} MB more for a second one`)
      const file = await bench.newestDump()
      const floor = await growth(() => bench.ask('read', { file }))
      return rowOf('backup-memory', { ours, peer: await memoryByHand(lab, bench), floor }, 'MB')
    }),
  aims: ({ ours }) => [{ text: `at most 150 MB: ${ours} MB`, met: ours <= 150 }],
}

/**
 * How long a light call of the core waits at worst (99th percentile) while a backup is made and read
 * back. The peer is the same call with nothing going on; so is the floor, which is the best of three.
 */
export const backupInput: Benchmark = {
  name: 'backup-input',
  measure: (lab, signal) =>
    withBackups(
      lab,
      'bench-input',
      async (bench) => {
        await bench.ask('backup')
        await sleep(settleMs, undefined, { signal })
        const quiet: number[] = []
        for (let turn = 0; turn < 3; turn += 1) {
          quiet.push((await bench.ask('quiet', { calls: true, ms: 2_000 })).p99)
        }
        const { p99, workedP99, calls } = await bench.ask('backup', { calls: true })
        const worked = `${workedP99.toFixed(1)} ms of work of its own between two`
        say(`  backup-input: ${calls} calls, at the 99th percentile ${worked}`)
        const [floor = NaN, peer = NaN] = quiet.toSorted((a, b) => a - b)
        return rowOf('backup-input', { ours: p99, peer, floor })
      },
      { apart: true },
    ),
  aims: ({ ours }) => [{ text: `at most 20 ms: ${ours} ms`, met: ours <= 20 }],
}

/** A copy read back, decrypted, decompressed and compared; against `sha256sum`, and `cat` alone. */
export const verify: Benchmark = {
  name: 'verify',
  measure: (lab, signal) =>
    withBackups(lab, 'bench-verify', async (bench) => {
      await bench.ask('backup')
      const file = await bench.newestDump()
      const ours = contender(() => bench.ask('verify'))
      const peer = contender(() => mustRun('sha256sum', [file]))
      const floor = contender(() => mustRun('sh', ['-c', 'cat "$1" >/dev/null', 'sh', file]))
      await race([ours, peer, floor], { rounds, signal })
      return rowOf('verify', { ours: ours.median(), peer: peer.median(), floor: floor.median() })
    }),
  aims: ({ ours, peer }) => [{ text: `sha256sum of the file: ${times(ours, peer)}`, met: true }],
}

function dumpBy({ containerId, database: { user, database } }: BackupBench): string {
  return `docker exec ${containerId} pg_dump -U ${user} -Fc ${database}`
}

function byHand(lab: BenchLab, bench: BackupBench): Promise<string> {
  const file = join(bench.folder, 'by-hand')
  const script = 'ssh "$1" "$2" >"$3"'
  return mustRun('sh', ['-c', script, 'sh', lab.target, dumpBy(bench), file], { env: lab.env })
}

/** What ssh itself takes, whose wrapper becomes it. */
async function memoryByHand(lab: BenchLab, bench: BackupBench): Promise<number> {
  const child = spawn('ssh', [lab.target, dumpBy(bench)], { env: lab.env, stdio: 'ignore' })
  const ended = once(child, 'exit')
  let peak = NaN
  while (child.exitCode === null) {
    peak = (await memoryOf(child.pid ?? 0).catch(() => ({ peak }))).peak || peak
    await Promise.race([ended, sleep(100)])
  }
  return peak
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import * as z from 'zod'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { createSecrets } from '../../electron/adapters/keychain/index.ts'
import { secretKeys } from '../../electron/domain/ports.ts'
import { say } from '../../scripts/program.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import { slowBeatMs } from '../../shared/contract/metrics.ts'
import type { BenchLab } from './bench-lab.ts'
import { fillHome } from './fill-home.ts'
import { processesOfNetwork, readProcesses, withChildren } from './process-cpu.ts'
import { rowOf, type Benchmark, type Row } from './row.ts'
import { buildServerImage } from './server-image.ts'

const databases = 50
/** Until all sessions are open and there were two beats. */
const settleMs = 20_000
/** Whole beats of the list. */
const listMs = 4 * slowBeatMs
const pageMs = 30_000
const program = fileURLToPath(new URL('stats-watch.ts', import.meta.url))

/**
 * What live numbers of fifty databases on one host cost, as per cent of one core: `stats` here, and
 * `stats-host` there. All fifty are real PostgreSQL servers, each in a container of its own, with no
 * client but us; a session of ours in each, and one script that reads their control groups, at the
 * pace of the list (15 s), for a minute.
 *
 * Here it is a core in a program of its own, without a window: what drawing costs is the row `rows`.
 * There it is all that runs on the host: the script, the SSH server, Docker with its proxies, and the
 * servers that answer. From both is taken what the same program, connected and looking at nothing,
 * and the same host cost in a minute; that is the floor. The peer is `ssh HOST docker stats`, which
 * has a stream for each container and tells nothing of the databases; its client only prints.
 */
export const stats: Benchmark = {
  name: 'stats',

  async measure(lab, signal) {
    const home = join(lab.home, 'stats')
    const servers = await buildServerImage(lab, 'shop')
    const filling = { databases, running: databases, created: 0, servers: servers.name }
    const filled = await fillHome(lab, home, filling)
    try {
      const secrets = createSecrets({ home, service: 'Quayside', clock: createClock() })
      for (const { id } of filled.records) {
        await secrets.set(secretKeys.databasePassword(id), servers.password)
      }
      await secrets.settle()
      const ids = filled.records.map(({ id }) => id)
      const ours = await measureOurs(lab, { home, ids }, signal)
      const peer = await measurePeer(lab, signal)
      const { idle, list, page } = ours
      sayParts('at rest', idle)
      sayParts('the list, 50 databases, rest included', list)
      sayParts('a page, 1 database, rest included', page)
      sayParts('docker stats', peer)
      const pageCost = `${over(page.here, idle.here)} here, ${over(page.there, idle.there)} there`
      say(`  stats: a page that is looked at costs ${pageCost} above rest`)
      const row = (name: string, side: 'here' | 'there', others: number): Row =>
        rowOf(name, { ours: list[side] - idle[side], peer: others, floor: idle[side] }, '%')
      return [row('stats', 'here', peer.here), row('stats-host', 'there', peer.there - idle.there)]
    } finally {
      await filled.empty()
    }
  },

  aims: ({ ours }) => [{ text: `below 3 % of one core: ${ours} %`, met: ours < 3 }],
}

/** Per cent of one core. */
interface Cost {
  here: number
  there: number
  /** What is there, by what it is. */
  parts: ReadonlyMap<string, number>
}

async function measureOurs(
  lab: BenchLab,
  { home, ids }: { home: string; ids: readonly DatabaseId[] },
  signal: AbortSignal,
): Promise<Record<'idle' | 'list' | 'page', Cost>> {
  const child = spawn(process.execPath, [program, home], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const toldSchema = z.object({ samples: z.int(), answers: z.int() })
  const look = async (close: readonly DatabaseId[], inView: readonly DatabaseId[]) => {
    const answer = once(lines, 'line', { signal })
    child.stdin.write(`${JSON.stringify({ close, inView })}\n`)
    const [text] = (await answer) as [string]
    return toldSchema.parse(JSON.parse(text))
  }
  /** For so long; every database is to be told of at every beat, by its engine too. */
  const looking = async (
    what: readonly [readonly DatabaseId[], readonly DatabaseId[]],
    ms: number,
    beats: number,
  ): Promise<Cost> => {
    await look(...what)
    await sleep(settleMs, undefined, { signal })
    await look(...what)
    const cost = await costDuring(lab, child.pid, () => sleep(ms, undefined, { signal }))
    const { samples, answers } = await look(...what)
    const wanted = beats * (what[0].length + what[1].length)
    say(`  stats: ${samples} samples of ${wanted}, ${answers} with the engine’s numbers`)
    if (answers < wanted * 0.9) throw new Error('The databases did not tell their numbers.')
    return cost
  }
  try {
    const idle = await looking([[], []], listMs, 0)
    const list = await looking([[], ids], listMs, listMs / slowBeatMs)
    const page = await looking([ids.slice(0, 1), []], pageMs, pageMs / 2_000 - 1)
    return { idle, list, page }
  } finally {
    child.stdin.end()
    await once(child, 'exit')
  }
}

async function measurePeer(lab: BenchLab, signal: AbortSignal): Promise<Cost> {
  const child = spawn('ssh', [lab.target, 'docker stats'], { env: lab.env, stdio: 'ignore' })
  try {
    await sleep(5_000, undefined, { signal })
    return await costDuring(lab, child.pid, () => sleep(pageMs, undefined, { signal }))
  } finally {
    const ended = once(child, 'exit')
    child.kill()
    await ended
  }
}

/** What a program here and the whole host use while something goes on. */
async function costDuring(
  lab: BenchLab,
  pid: number | undefined,
  work: () => Promise<void>,
): Promise<Cost> {
  if (pid === undefined) throw new Error('The program did not start.')
  const network = (await lab.onHost('readlink /proc/self/ns/net')).trim()
  const used = async () => {
    const at = performance.now()
    const host = await processesOfNetwork(network)
    const all = await readProcesses()
    const here = withChildren(all, new Set([pid]))
    const parts = new Map<string, number>()
    for (const { name, seconds } of withChildren(all, host)) {
      parts.set(kindOf(name), (parts.get(kindOf(name)) ?? 0) + seconds)
    }
    return { at, here: here.reduce((total, { seconds }) => total + seconds, 0), parts }
  }
  const before = await used()
  await work()
  const after = await used()
  const percent = (from: number, to: number) => ((to - from) / (after.at - before.at)) * 100_000
  const parts = new Map(
    [...after.parts].map(([kind, to]) => [kind, percent(before.parts.get(kind) ?? 0, to)]),
  )
  const there = [...parts.values()].reduce((total, part) => total + part, 0)
  return { here: percent(before.here, after.here), there, parts }
}

function kindOf(name: string): string {
  if (name === 'postgres') return 'servers'
  if (name === 'docker-proxy') return 'proxies'
  if (name.startsWith('sshd')) return 'SSH server'
  if (name.startsWith('docker') || name.startsWith('containerd')) return 'Docker'
  return name === 'sh' || name === 'grep' ? 'script' : 'other'
}

function sayParts(what: string, { here, there, parts }: Cost): void {
  const each = [...parts].map(([kind, part]) => `${kind} ${part.toFixed(2)}`).join(', ')
  say(`  stats, ${what}: ${here.toFixed(2)} % here; ${there.toFixed(2)} % there (${each})`)
}

function over(value: number, rest: number): string {
  return `${(value - rest).toFixed(2)} %`
}

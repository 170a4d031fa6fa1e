import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { compose } from '../../electron/compose.ts'
import type { Core } from '../../electron/domain/core.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import { say } from '../../scripts/program.ts'
import type { DatabaseId, DatabaseView } from '../../shared/contract/databases.ts'
import type { JobId } from '../../shared/contract/jobs.ts'
import type { BackupAnswer, BackupRequest } from './backup-request.ts'
import { version, type BenchLab } from './bench-lab.ts'

const program = fileURLToPath(new URL('backup-program.ts', import.meta.url))
const patienceMs = 120_000
/** Of the tables on the host's disk. The aims are of a gigabyte (1000), four times as long. */
const megabytes = Number(process.env['QUAYSIDE_BENCH_MB'] ?? 300)
/** Turns of each contender that count. */
export const rounds = Number(process.env['QUAYSIDE_BENCH_ROUNDS'] ?? 3)

/** A database to back up on the lab's host, and the program that does it. */
export interface BackupBench {
  database: DatabaseView
  containerId: string
  /** Where the backups go. */
  folder: string
  pid: number
  ask(work: BackupRequest['work'], more?: Partial<BackupRequest>): Promise<BackupAnswer>
  /** The newest stored dump. */
  newestDump(): Promise<string>
  /** Memory (RSS) now and at its highest since `resetPeak`, MB. */
  memory(): Promise<{ now: number; peak: number }>
  resetPeak(): Promise<void>
}

/**
 * Makes both, and removes the database afterwards.
 * @param apart whether the host and the program have processors of their own, as two computers do:
 * otherwise what is measured are their turns on the same ones
 */
export async function withBackups<T>(
  lab: BenchLab,
  name: string,
  work: (bench: BackupBench) => Promise<T>,
  { apart = false } = {},
): Promise<T> {
  const processors = apart ? await setHostApart(lab) : null
  const home = join(lab.home, name)
  const folder = join(lab.home, `${name}-backups`)
  await mkdir(folder, { recursive: true })
  const core = await compose({ home, version: '0.0.0-bench' })
  try {
    const { ssh } = lab.host
    const host = await core.hosts.add({
      name: 'bench-1',
      baseDomain: null,
      connection: lab.connection,
      acceptHostKey: ssh.hostKeyFingerprint,
    })
    const { id, jobId } = await core.databases.create({
      hostId: host.id,
      engine: postgres.info.id,
      name,
      version,
      environment: 'development',
    })
    await end(core, jobId)
    try {
      const database = await viewOf(core, id)
      const container = await fill(lab, database)
      const { text } = await core.recoveryKey.reveal({})
      await core.recoveryKey.confirm({ text })
      const config = { folder }
      const { id: destinationId } = await core.destinations.add({
        name: 'here',
        kind: 'local-folder',
        config,
        secrets: {},
      })
      const base = { databaseId: id, destinationId }
      return await withProgram([program, home], processors, base, ({ pid, ask }) =>
        work({
          database,
          containerId: container,
          folder,
          pid,
          ask,
          newestDump: () => newestDump(folder),
          memory: () => memoryOf(pid),
          resetPeak: () => writeFile(`/proc/${pid}/clear_refs`, '5'),
        }),
      )
    } finally {
      await end(core, (await core.databases.delete({ id, confirmName: name })).jobId)
      await end(core, (await core.databases.purge({ id, confirmName: name })).jobId)
    }
  } finally {
    await core.close()
  }
}

async function end(core: Core, jobId: JobId): Promise<void> {
  const job = await core.waitForJob(jobId, AbortSignal.timeout(patienceMs))
  if (job.state !== 'done') throw new Error(`${job.title}: ${job.error?.message ?? job.state}`)
}

async function viewOf(core: Core, id: DatabaseId): Promise<DatabaseView> {
  const found = (await core.databases.list({})).find((one) => one.id === id)
  if (found === undefined) throw new Error('The database is not there.')
  return found
}

/** Orders of a shop: words that repeat beside numbers that don't, as data has both. */
async function fill(lab: BenchLab, { id, user, database }: DatabaseView): Promise<string> {
  const label = `label=io.quayside.database.id=${id}`
  const container = (await lab.onHost(`docker ps -q --filter ${label}`)).trim()
  const rows = Math.round((megabytes * 1e6) / 290)
  const sql = `CREATE TABLE orders AS SELECT n AS id, md5(n::text) AS token, n * 7 % 1000 AS customer,
    now() - n * interval '1 second' AS ordered_at, (n * 37 % 100000) / 100.0 AS total,
    'Deliver to the ' || (ARRAY['front', 'back', 'side'])[1 + n % 3] || ' door, number ' || n % 400 AS note,
    repeat('article ' || n % 5000 || ', ', 8) AS articles FROM generate_series(1, ${rows}) AS n;
    ALTER TABLE orders ADD PRIMARY KEY (id); CHECKPOINT`
  const client = `docker exec -i ${container} psql -U ${user} -d ${database} -XqAt`
  await lab.onHost(`${client} -v ON_ERROR_STOP=1 <<'SQL'\n${sql}\nSQL`)
  const size = await lab.onHost(
    `${client} -c "SELECT pg_size_pretty(pg_database_size('${database}'))"`,
  )
  say(`  ${rows} rows, ${size.trim()} on the host’s disk`)
  return container
}

/**
 * Leaves the first half of the processors to the host, with all that it will ever start.
 * @returns the others, as `taskset` takes them, or null where there is one alone
 */
async function setHostApart(lab: BenchLab): Promise<string | null> {
  const all = availableParallelism()
  if (all < 2) return null
  const half = Math.floor(all / 2)
  // A process may end before its turn; what it has started has the same first half by then or next.
  const each = `for one in /proc/[0-9]*; do taskset -acp 0-${half - 1} "\${one#/proc/}" || true; done`
  await lab.onHost(`{ ${each}; ${each}; } >/dev/null 2>&1`)
  return `${half}-${all - 1}`
}

async function withProgram<T>(
  args: readonly string[],
  processors: string | null,
  base: Pick<BackupRequest, 'databaseId' | 'destinationId'>,
  work: (program: { pid: number; ask: BackupBench['ask'] }) => Promise<T>,
): Promise<T> {
  const bound = processors === null ? [] : ['taskset', '-c', processors]
  const [command = '', ...rest] = [...bound, process.execPath, ...args]
  const child = spawn(command, rest, { stdio: ['pipe', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const line = async (): Promise<unknown> => {
    const gone = exited.then(() => {
      throw new Error('The program that makes backups has ended.')
    })
    const [text] = (await Promise.race([once(lines, 'line'), gone])) as [string]
    return JSON.parse(text)
  }
  try {
    await line()
    const ask: BackupBench['ask'] = async (what, more = {}) => {
      const request = { work: what, ...base, calls: false, ms: 0, file: '', ...more }
      child.stdin.write(`${JSON.stringify(request)}\n`)
      return (await line()) as BackupAnswer
    }
    return await work({ pid: child.pid ?? 0, ask })
  } finally {
    child.stdin.end()
    const slow = setTimeout(() => child.kill('SIGKILL'), 10_000)
    await exited
    clearTimeout(slow)
  }
}

async function newestDump(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.dump\./.test(name))
  const newest = names.toSorted().at(-1)
  if (newest === undefined) throw new Error('There is no dump.')
  return join(folder, newest)
}

/** Memory (RSS) of a process now and at its highest, MB. */
export async function memoryOf(pid: number): Promise<{ now: number; peak: number }> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const field = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? NaN) / 1024
  return { now: field('VmRSS'), peak: field('VmHWM') }
}

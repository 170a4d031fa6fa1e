// The core in a process of its own, as the app has it, for the rows about backups:
// `node backup-program.ts HOME`. It answers each line of JSON on stdin with one on stdout.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { pipeline } from 'node:stream/promises'
import { compose } from '../../electron/compose.ts'
import { say } from '../../scripts/program.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import type { BackupAnswer, BackupRequest } from './backup-request.ts'

const callGapMs = 5
const patienceMs = 600_000

const [, , home = ''] = process.argv
// As the window has it: what moves many bytes runs in a thread of its own.
const heavyModule = new URL('../../electron/heavy-thread.ts', import.meta.url)
const core = await compose({ home, version: '0.0.0-bench', heavyModule })
core.work()

async function ended(id: JobId): Promise<JobView> {
  const job = await core.waitForJob(id, AbortSignal.timeout(patienceMs))
  if (job.state === 'done') return job
  throw new Error(`${job.title}: ${job.error?.message ?? job.state} ${job.error?.detail ?? ''}`)
}

/** From the request until the backup has been read back whole. */
async function backUp({ databaseId, destinationId }: BackupRequest): Promise<void> {
  const { id, jobId } = await core.backups.create({
    databaseId,
    destinationIds: [destinationId],
    codec: 'zstd',
    encrypt: true,
  })
  tellSteps(await ended(jobId))
  const next = (await core.jobs.list({ limit: 10 })).filter(
    ({ state }) => state === 'waiting' || state === 'running',
  )
  for (const job of next) tellSteps(await ended(job.id))
  const made = (await core.backups.list({ databaseId })).find((backup) => backup.id === id)
  if (typeof made?.copies[0]?.verifiedAt !== 'number') throw new Error('It was not verified.')
}

async function verifyNewest({ databaseId, destinationId }: BackupRequest): Promise<void> {
  const [newest] = await core.backups.list({ databaseId })
  if (newest === undefined) throw new Error('There is no backup.')
  await ended((await core.backups.verify({ id: newest.id, destinationId })).jobId)
}

/** What the last restore has made, until it is purged. */
let restored: { id: DatabaseId; name: string } | undefined

/** From the request until the new database has every row that the manifest says. */
async function restoreNewest({ databaseId, destinationId }: BackupRequest): Promise<void> {
  const [newest] = await core.backups.list({ databaseId })
  const source = (await core.databases.list({})).find(({ id }) => id === databaseId)
  if (newest === undefined || source === undefined) throw new Error('There is no backup.')
  const name = `${source.name}-restored`
  const { hostId, environment } = source
  const { databaseId: id, jobId } = await core.restores.start({
    backupId: newest.id,
    destinationId,
    target: { kind: 'new', hostId, name, environment },
  })
  restored = { id, name }
  tellSteps(await ended(jobId))
}

/** Says where the time of a job goes. */
function tellSteps({ title, steps }: JobView): void {
  const each = steps.flatMap(({ title: step, startedAt, endedAt }) =>
    startedAt === null || endedAt === null ? [] : [`${step} ${endedAt - startedAt} ms`],
  )
  say(`  ${title}: ${each.join(', ')}`)
}

async function purgeRestored(): Promise<void> {
  if (restored === undefined) return
  const { id, name: confirmName } = restored
  restored = undefined
  await ended((await core.databases.delete({ id, confirmName })).jobId)
  await ended((await core.databases.purge({ id, confirmName })).jobId)
}

interface Calls {
  /** How late the answers were, milliseconds. */
  delays: number[]
  /** What the thread itself worked between two calls: what a machine with nothing else to do adds up to. */
  worked: number[]
}

/**
 * Makes the same light call as the row `input`, again and again until the work is over: one that asks
 * no host, whose own work would be counted as a delay of this computer.
 */
async function callUntil(over: Promise<unknown>): Promise<Calls> {
  const calls: Calls = { delays: [], worked: [] }
  const stopped = new AbortController()
  const stop = (): void => stopped.abort()
  over.then(stop, stop)
  while (!stopped.signal.aborted) {
    const due = performance.now() + callGapMs
    const before = process.threadCpuUsage()
    await sleep(callGapMs)
    await core.settings.get({})
    calls.delays.push(Math.max(0, performance.now() - due))
    const { user, system } = process.threadCpuUsage(before)
    calls.worked.push((user + system) / 1_000)
  }
  return calls
}

/** The value that one in a hundred exceeds. */
function p99(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length * 0.99)] ?? 0
}

async function answer(request: BackupRequest): Promise<BackupAnswer> {
  const begin = performance.now()
  const work = {
    backup: () => backUp(request),
    verify: () => verifyNewest(request),
    restore: () => restoreNewest(request),
    purge: purgeRestored,
    quiet: () => sleep(request.ms),
    // The least that Node.js itself takes for a file that it reads through.
    read: () => pipeline(createReadStream(request.file), createHash('sha256')),
  }[request.work]()
  const { delays, worked } = request.calls ? await callUntil(work) : { delays: [], worked: [] }
  await work
  const ms = performance.now() - begin
  return { ms, p99: p99(delays), workedP99: p99(worked), calls: delays.length }
}

process.stdout.write('"ready"\n')
for await (const line of createInterface({ input: process.stdin })) {
  const answered = await answer(JSON.parse(line) as BackupRequest)
  process.stdout.write(`${JSON.stringify(answered)}\n`)
}
await core.close()

import * as z from 'zod'
import { databaseIdSchema } from '../../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../../shared/contract/hosts.ts'
import { jobIdSchema, jobStates, jobStepSchema } from '../../../../shared/contract/jobs.ts'
import { errorDataSchema } from '../../../../shared/errors.ts'
import type { JobRecord, JobStepRecord, JobStore } from '../../../domain/ports.ts'
import type { Connection } from '../connection.ts'
import { createTable, flag, flagValue, json, jsonValue, text, whole } from '../table.ts'

const jobRow: z.ZodType<JobRecord> = z.strictObject({
  id: jobIdSchema,
  kind: z.string(),
  title: z.string(),
  queue: z.enum(['provisioning', 'maintenance']),
  key: z.string(),
  input: jsonValue(z.unknown()),
  state: z.enum(jobStates),
  undoing: z.enum(['failed', 'cancelled']).nullable(),
  cancelRequested: flagValue,
  attempt: z.int(),
  runAt: z.int(),
  createdAt: z.int(),
  startedAt: z.int().nullable(),
  endedAt: z.int().nullable(),
  error: jsonValue(errorDataSchema.nullable()),
  owner: z.string().nullable(),
  databaseId: databaseIdSchema.nullable(),
  hostId: hostIdSchema.nullable(),
})

const jobColumns = {
  id: text('id'),
  kind: text('kind'),
  title: text('title'),
  queue: text('queue'),
  key: text('key'),
  input: json('input'),
  state: text('state'),
  undoing: text('undoing'),
  cancelRequested: flag('cancel_requested'),
  attempt: whole('attempt'),
  runAt: whole('run_at'),
  createdAt: whole('created_at'),
  startedAt: whole('started_at'),
  endedAt: whole('ended_at'),
  error: json('error'),
  owner: text('owner'),
  databaseId: text('database_id'),
  hostId: text('host_id'),
}

const stepRow: z.ZodType<JobStepRecord> = jobStepSchema.extend({
  jobId: jobIdSchema,
  output: jsonValue(z.unknown()),
  undo: jsonValue(
    z.strictObject({ name: z.string(), input: z.unknown().default(null) }).nullable(),
  ),
})

const stepColumns = {
  jobId: text('job_id'),
  name: text('name'),
  title: text('title'),
  state: text('state'),
  fact: text('fact'),
  startedAt: whole('started_at'),
  endedAt: whole('ended_at'),
  output: json('output'),
  undo: json('undo'),
}

const untouched = {
  state: 'waiting',
  fact: null,
  startedAt: null,
  endedAt: null,
  output: null,
} as const

const anyRow = z.unknown()

/**
 * Of a great many jobs, those under way and those that ended last get half of the places each, and
 * either what the other leaves free. So neither what runs nor a fresh failure is hidden by newer jobs.
 */
const latest = `
  WHERE rowid IN (
    SELECT job FROM (
      SELECT job, row_number() OVER (ORDER BY running DESC, created_at DESC, job DESC) AS place
      FROM (
        SELECT rowid AS job, created_at, state = 'running' AS running FROM jobs
        WHERE ended_at IS NULL ORDER BY running DESC, created_at DESC, rowid DESC LIMIT ?)
      UNION ALL
      SELECT job, row_number() OVER (ORDER BY ended_at DESC, job DESC)
      FROM (
        SELECT rowid AS job, ended_at FROM jobs
        WHERE ended_at IS NOT NULL ORDER BY ended_at DESC, rowid DESC LIMIT ?))
    ORDER BY place LIMIT ?)
  ORDER BY created_at DESC, rowid DESC`

/** Jobs and their steps, in which every process of this user shares. */
export function createJobStore(connection: Connection): JobStore {
  const jobs = createTable<JobRecord>({
    connection,
    name: 'jobs',
    columns: jobColumns,
    row: jobRow,
  })
  const steps = createTable<JobStepRecord>({
    connection,
    name: 'job_steps',
    columns: stepColumns,
    row: stepRow,
  })
  const get: JobStore['get'] = (id) => jobs.get('WHERE id = ?', id)
  return {
    get,
    insert: (job, list) =>
      connection.transaction(() => {
        jobs.insert(job)
        for (const [position, { name, title }] of list.entries()) {
          steps.insert({ ...untouched, undo: null, jobId: job.id, name, title }, { position })
        }
      }),
    steps: (id) => steps.all('WHERE job_id = ? ORDER BY position', id),
    list: (limit) => jobs.all(latest, limit, limit, limit),
    active: () => jobs.all("WHERE state IN ('waiting', 'running') ORDER BY created_at, rowid"),
    ofBackup: (backupId) =>
      jobs.all(
        `WHERE json_extract(input, '$.backupId') = ? ORDER BY created_at DESC, rowid DESC`,
        backupId,
      ),
    failed: (kinds, limit) =>
      jobs.all(
        `WHERE state = 'failed' AND kind IN (${kinds.map(() => '?').join()})
          ORDER BY created_at DESC, rowid DESC LIMIT ?`,
        ...[...kinds, limit],
      ),
    update: (id, change) => void jobs.update(change, 'id = ?', id),
    updateStep: (id, name, change) =>
      void steps.update(change, 'job_id = ? AND name = ?', id, name),
    resetSteps: (id) => void steps.update(untouched, 'job_id = ?', id),
    claim: (id, owner, now, alive) =>
      connection.transaction(() => {
        const job = get(id)
        if (job === null || !isFree(job, now, alive)) return false
        // One that a dead process left running counts too: it goes on before anything else may.
        const other = "SELECT 1 FROM jobs WHERE key = ? AND id <> ? AND state = 'running'"
        if (connection.get(anyRow, other, job.key, id) !== null) return false
        const sql = `UPDATE jobs SET owner = ?, state = 'running',
          started_at = coalesce(started_at, ?) WHERE id = ?`
        return connection.run(sql, owner, Math.round(now), id) === 1
      }),
    release: (id) => void connection.run('UPDATE jobs SET owner = NULL WHERE id = ?', id),
  }
}

function isFree(job: JobRecord, now: number, alive: ReadonlySet<string>): boolean {
  if (job.state === 'waiting') return job.runAt <= now
  return job.state === 'running' && (job.owner === null || !alive.has(job.owner))
}

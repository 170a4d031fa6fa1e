import { join } from 'node:path'
import * as z from 'zod'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { someJob, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import type { Stores } from '../ports.ts'
import type { JobDefinition } from './job-definition.ts'
import { createJobWorker, type JobWorker } from './job-worker.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { silentLog } from '../silent-log.ts'

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
let worker: JobWorker
let jobs: Jobs
let runs: string[]
const hostId: HostId = hostIdSchema.parse(crypto.randomUUID())

const definition: JobDefinition<string> = {
  kind: 'install-docker',
  input: z.string(),
  cancellable: true,
  steps: () => [],
  run: async (name) => void runs.push(name),
  undo: {},
}

beforeEach(() => {
  folder = temporaryFolder()
  runs = []
  const clock = standingClock()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  const common = { stores, clock, publish: () => {} }
  const definitions = new Map([[definition.kind, definition]])
  worker = createJobWorker(
    { ...common, log: silentLog, random: () => 0, onStep: () => {} },
    definitions,
  )
  jobs = createJobs({ ...common, worker, definitions, onChange: () => () => {} })
})
afterEach(async () => {
  await worker.stop()
  stores.close()
  folder[Symbol.dispose]()
})

const enqueue = (input: string) =>
  jobs.enqueue({ definition, title: `Install ${input}`, input, databaseId: null, hostId })

test('a job that is enqueued within a transaction begins once that is written', async () => {
  stores.transaction(() => {
    const id = enqueue('first')
    expect(stores.jobs.get(id)?.owner).toBeNull()
  })
  await expect.poll(() => runs).toEqual(['first'])
})

test('a job whose transaction is taken back never runs', async () => {
  const failing = () =>
    stores.transaction(() => {
      enqueue('lost')
      throw new Error('the disk is full')
    })
  expect(failing).toThrow('the disk is full')
  enqueue('kept')
  await expect.poll(() => runs).toContain('kept')
  expect(runs).toEqual(['kept'])
  expect(stores.jobs.list(10).map(({ title }) => title)).toEqual(['Install kept'])
})

test('a job of a kind that this version does not know says so when it is retried', async () => {
  const job = someJob({ kind: 'polish-database', state: 'failed' })
  stores.jobs.insert(job, [])
  await expect(jobs.retry({ id: job.id })).rejects.toMatchObject({ code: 'store_newer' })
})

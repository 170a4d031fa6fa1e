import { join } from 'node:path'
import * as z from 'zod'
import { expect, test } from 'vitest'
import { someJob, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { eraseInput, undo } from './job-definition.ts'
import { createJobWorker } from './job-worker.ts'
import { createJobs } from './jobs.ts'
import { silentLog } from '../silent-log.ts'

test('what could not be taken back is told with its cause, and a retry still knows of it', async () => {
  using folder = temporaryFolder()
  const clock = standingClock()
  const stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  let isExpired = true
  const refuse = (): void => {
    if (!isExpired) return
    const words = { hint: 'Give new credentials.' }
    throw new QuaysideError('destination_denied', 'The credentials have expired.', words)
  }
  const known: unknown[] = []
  const definition = eraseInput({
    kind: 'copy-backup',
    input: z.unknown(),
    cancellable: true,
    steps: () => [{ name: 'send', title: 'Send' }],
    run: (_input, job) => {
      known.push(stores.jobs.steps(job.id)[0]?.undo?.input)
      const undo = { name: 'take-back', input: `try ${known.length}` }
      return job.effect({ name: 'send', undo, run: async () => refuse() })
    },
    undo: { 'take-back': undo(z.string(), async () => refuse()) },
  })
  const definitions = new Map([[definition.kind, definition]])
  const common = { stores, clock, publish: () => {} }
  const worker = createJobWorker(
    { ...common, log: silentLog, random: () => 0, onStep: () => {} },
    definitions,
  )
  const jobs = createJobs({ ...common, worker, definitions, onChange: () => () => {} })
  const { id, ...job } = someJob({ kind: 'copy-backup', runAt: clock.at })
  stores.jobs.insert({ id, ...job }, definition.steps(job.input))
  const state = () => {
    clock.at += 60_000
    stores.processes.beat()
    worker.wake()
    return stores.jobs.get(id)?.state
  }
  try {
    worker.takeAll()
    await expect.poll(state).toBe('failed')
    expect(stores.jobs.get(id)?.error).toMatchObject({
      code: 'destination_denied',
      message: 'What was made could not be taken back: The credentials have expired.',
      hint: 'Give new credentials. Retry takes it up again and finds what is there.',
    })
    isExpired = false
    await jobs.retry({ id })
    await expect.poll(state).toBe('done')
    expect(known).toEqual([undefined, 'try 1'])
  } finally {
    await worker.stop()
    stores.close()
  }
})

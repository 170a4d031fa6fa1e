import { join } from 'node:path'
import * as z from 'zod'
import { expect, test } from 'vitest'
import { someJob, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { QuaysideEvent } from '../../../shared/events.ts'
import { eraseInput } from './job-definition.ts'
import { runJob } from './run-job.ts'
import { silentLog } from '../silent-log.ts'

test('progress is told ten times a second at most, but for words that change and the last byte', async () => {
  using folder = temporaryFolder()
  const clock = standingClock()
  const stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  const told: unknown[] = []
  const publish = (event: QuaysideEvent): void => {
    if (event.type === 'job-progress') told.push(event.progress.text ?? event.progress.bytes)
  }
  const definition = eraseInput({
    kind: 'create-backup',
    input: z.unknown(),
    cancellable: true,
    steps: () => [{ name: 'fill', title: 'Fill' }],
    run: (_input, job) =>
      job.effect({
        name: 'fill',
        run: async ({ progress }) => {
          for (const bytes of [1, 2]) progress({ bytes, totalBytes: 4 })
          clock.at += 100
          for (const bytes of [3, 4]) progress({ bytes, totalBytes: 4 })
          for (const text of ['Restored', 'Restored', 'Starting it anew']) progress({ text })
        },
      }),
    undo: {},
  })
  const job = someJob({ kind: 'create-backup' })
  stores.jobs.insert(job, definition.steps(job.input))
  const deps = { stores, clock, log: silentLog, publish, random: () => 0, onStep: () => {} }
  await runJob(deps, definition, job, new AbortController().signal, () => null)
  stores.close()
  expect(told).toEqual([1, 3, 4, 'Restored', 'Starting it anew'])
})

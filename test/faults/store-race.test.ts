import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { createClock } from '../../electron/adapters/clock/index.ts'
import {
  someDatabase,
  someHost,
  someJob,
  temporaryFolder,
} from '../../electron/adapters/sqlite/fixtures.ts'
import { openStores } from '../../electron/adapters/sqlite/index.ts'

const clock = createClock()
const racer = fileURLToPath(new URL('./store-racer.ts', import.meta.url))
/** Long enough for both processes to have started. */
const headStart = 700

function start(task: object): ChildProcess {
  const child = spawn(process.execPath, [racer, JSON.stringify(task)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return child
}

async function outcome(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('no output')
  const [written] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(child.exitCode).toBe(0)
  return written
}

describe('two processes at once', () => {
  test('never reserve the same port, and leave none out', async () => {
    const taken = fc.uniqueArray(fc.integer({ min: 5432, max: 5480 }), { maxLength: 10 })
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 2, max: 40 }), taken, async (count, busy) => {
        using folder = temporaryFolder()
        const file = join(folder.path, 'quayside.db')
        const stores = openStores({ file, clock })
        const host = someHost()
        stores.hosts.insert(host)
        const records = Array.from({ length: count }, (_, index) =>
          someDatabase(host, { name: `shop-${String(index)}` }),
        )
        for (const record of records) stores.databases.insert(record)
        const task = { do: 'reserve', file, startAt: clock.now() + headStart, taken: busy }
        const ids = records.map((record) => record.id)
        // Some are asked for by both: each must hear the same answer.
        const [ours, theirs] = [
          ids.slice(0, Math.ceil(count * 0.7)),
          ids.slice(count / 3).reverse(),
        ]
        const answers = await Promise.all(
          [ours, theirs].map((part) => outcome(start({ ...task, ids: part }))),
        )
        const [first, second] = answers.map((answer) => z.array(z.int()).parse(JSON.parse(answer)))
        const known = new Map(stores.databases.list().map(({ id, port }) => [id, port]))
        stores.close()
        expect(ours.map((id) => known.get(id))).toEqual(first)
        expect(theirs.map((id) => known.get(id))).toEqual(second)
        const expected: number[] = []
        for (let port = 5432; expected.length < count; port += 1) {
          if (!busy.includes(port)) expected.push(port)
        }
        expect([...known.values()].sort((a, b) => (a ?? 0) - (b ?? 0))).toEqual(expected)
      }),
      { numRuns: 4 },
    )
  })

  test('do each job once, and never two with the same key together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 5, maxLength: 40 }),
        async (keys) => {
          using folder = temporaryFolder()
          const file = join(folder.path, 'quayside.db')
          const diary = join(folder.path, 'diary')
          writeFileSync(diary, '')
          const stores = openStores({ file, clock })
          const jobs = keys.map((key) => someJob({ key: `database/${String(key)}` }))
          for (const job of jobs) stores.jobs.insert(job, [])
          stores.close()
          const task = { do: 'work', file, diary, startAt: clock.now() + headStart }
          await Promise.all([outcome(start(task)), outcome(start(task))])
          const running = new Set<string>()
          const done: string[] = []
          for (const line of readFileSync(diary, 'utf8').trimEnd().split('\n')) {
            const [what, key = '', id = ''] = line.split(' ')
            if (what === 'begin') {
              expect(running).not.toContain(key)
              running.add(key)
            } else {
              running.delete(key)
              done.push(id)
            }
          }
          expect(done.sort()).toEqual(jobs.map((job) => job.id).sort())
        },
      ),
      { numRuns: 4 },
    )
  })

  test('what one that was killed held is free at once, and its data is whole', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'quayside.db')
    const job = someJob()
    const stores = openStores({ file, clock })
    stores.jobs.insert(job, [])
    const child = start({ do: 'die', file })
    await once(child, 'exit')
    expect(child.signalCode).toBe('SIGKILL')
    const { jobs, processes } = stores
    expect(jobs.get(job.id)).toMatchObject({ state: 'running' })
    expect(processes.alive()).not.toContain(jobs.get(job.id)?.owner)
    expect(jobs.claim(job.id, processes.self, clock.now(), processes.alive())).toBe(true)
    stores.close()
    openStores({ file, clock }).close()
  })
})

describe('a file that another process holds', () => {
  test.each([
    ['against writers', true],
    ['against everybody', false],
  ])('%s is busy, and works again afterwards', async (_, write) => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'quayside.db')
    openStores({ file, clock }).close()
    const child = start({ do: 'hold', file, write })
    if (child.stdout === null) throw new Error('no output')
    await once(child.stdout, 'data')
    const before = clock.now()
    expect(() => openStores({ file, clock, busyMs: 300 })).toThrow(
      expect.objectContaining({ code: 'store_busy' }),
    )
    expect(clock.now() - before).toBeGreaterThanOrEqual(290)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    openStores({ file, clock, busyMs: 300 }).close()
  })
})

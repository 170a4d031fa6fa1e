// A process of its own that works on a store another one works on too; see store-race.test.ts.
import { appendFileSync } from 'node:fs'
import * as z from 'zod'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { openStores } from '../../electron/adapters/sqlite/index.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'

const task = z
  .discriminatedUnion('do', [
    z.object({
      do: z.literal('reserve'),
      file: z.string(),
      startAt: z.number(),
      ids: z.array(databaseIdSchema),
      taken: z.array(z.int()),
    }),
    z.object({ do: z.literal('work'), file: z.string(), startAt: z.number(), diary: z.string() }),
    z.object({ do: z.literal('hold'), file: z.string(), write: z.boolean() }),
    z.object({ do: z.literal('die'), file: z.string() }),
  ])
  .parse(JSON.parse(process.argv[2] ?? ''))

const clock = createClock()
const stores = openStores({ file: task.file, clock })

if (task.do === 'reserve') {
  await clock.sleep(task.startAt - clock.now())
  const taken = new Set(task.taken)
  const ports = task.ids.map((id) => stores.databases.reservePort(id, 5432, taken))
  process.stdout.write(JSON.stringify(ports))
}

if (task.do === 'work') {
  await clock.sleep(task.startAt - clock.now())
  const { jobs, processes } = stores
  for (let waiting = jobs.active(); waiting.length > 0; waiting = jobs.active()) {
    for (const job of waiting) {
      if (!jobs.claim(job.id, processes.self, clock.now(), processes.alive())) continue
      appendFileSync(task.diary, `begin ${job.key} ${job.id}\n`)
      await clock.sleep(1)
      appendFileSync(task.diary, `end ${job.key} ${job.id}\n`)
      jobs.update(job.id, { state: 'done' })
      jobs.release(job.id)
    }
    await clock.sleep(1)
  }
}

if (task.do === 'die') {
  for (const job of stores.jobs.active()) {
    stores.jobs.claim(job.id, stores.processes.self, clock.now(), stores.processes.alive())
  }
  process.kill(process.pid, 'SIGKILL')
}

if (task.do === 'hold') {
  stores.close()
  const { default: Database } = await import('better-sqlite3')
  const holder = new Database(task.file)
  // Writing alone leaves readers be; an exclusive lock, such as a backup program may take, does not.
  if (!task.write) holder.pragma('locking_mode = EXCLUSIVE')
  holder.exec('BEGIN IMMEDIATE; CREATE TABLE held (x)')
  process.stdout.write('held\n')
  await clock.sleep(60_000)
}

stores.close()

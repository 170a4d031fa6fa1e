import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { createLoopback } from '../../adapters/loopback/index.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { createEngines } from '../engines.ts'
import { createHostRegistry } from '../hosts/host-registry.ts'
import { createTunnels } from '../tunnels/tunnels.ts'
import { createDatabaseJob } from './create-database.ts'
import { createDatabases } from './databases.ts'
import { restartDatabaseJob, startDatabaseJob, stopDatabaseJob } from './run-jobs.ts'
import { deleteDatabaseJob, purgeDatabaseJob, undeleteDatabaseJob } from './trash-jobs.ts'
import { fromRecordsAlone } from './view-databases.ts'

// The window's databases and tunnels over a real store. No host is called, and jobs are only enqueued.

function never(): never {
  throw new Error('this is not asked here')
}
const publish = () => undefined
const log = { info: () => undefined, warn: () => undefined, error: never }

let folder: ReturnType<typeof temporaryFolder>
let end: () => Promise<void>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(async () => {
  await end()
  folder[Symbol.dispose]()
})

function rig() {
  const clock = standingClock()
  const stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  const host = someHost()
  const shop = someDatabase(host, { state: 'ready', port: 5432 })
  stores.hosts.insert(host)
  stores.databases.insert(shop)
  const registry = createHostRegistry({
    stores,
    publish,
    connector: {
      open: never,
      check: never,
      runner: never,
      suggestions: never,
      trustHostKey: never,
    },
  })
  const tunnels = createTunnels({
    stores,
    registry,
    loopback: createLoopback(),
    clock,
    publish,
    log,
    keeps: () => true,
  })
  const jobDeps = {
    stores,
    clock,
    publish,
    registry,
    engines: createEngines([]),
    secrets: {
      status: never,
      get: never,
      set: never,
      delete: never,
      createVault: never,
      unlockVault: never,
      settle: never,
    },
  }
  const enqueued: string[] = []
  const databases = createDatabases({
    ...jobDeps,
    jobs: {
      enqueue: ({ title }) => {
        enqueued.push(title)
        return crypto.randomUUID() as never
      },
    },
    definitions: {
      create: createDatabaseJob(jobDeps),
      start: startDatabaseJob(jobDeps),
      stop: stopDatabaseJob(jobDeps),
      restart: restartDatabaseJob(jobDeps),
      delete: deleteDatabaseJob(jobDeps),
      undelete: undeleteDatabaseJob(jobDeps),
      purge: purgeDatabaseJob(jobDeps),
    },
    live: { ...fromRecordsAlone.live, look: never },
    tunnels,
    clipboard: null,
    asksHosts: () => false,
  })
  end = async () => {
    await tunnels.closeAll()
    stores.close()
  }
  return { stores, shop, tunnels, databases, enqueued, clock }
}

it('a deleted database loses its tunnel once it is in the trash, and has it again when it is back', async () => {
  const { stores, shop, tunnels, databases, enqueued, clock } = rig()
  const opened = await tunnels.open({ databaseId: shop.id })
  expect(opened).toMatchObject({ armed: true })

  // The job may still fail or be cancelled: until it has moved the database, nothing has gone.
  await databases.delete({ id: shop.id, confirmName: 'shop' })
  expect(enqueued).toEqual(['Delete shop'])
  expect(await tunnels.list({})).toEqual([opened])

  stores.databases.update(shop.id, { state: 'trash', deletedAt: clock.now() })
  await tunnels.settle()
  expect(await tunnels.list({})).toEqual([])
  stores.databases.update(shop.id, { state: 'ready', deletedAt: null })
  await tunnels.settle()
  expect(await tunnels.list({})).toEqual([opened])
})

it('a database is deleted also while a command holds its tunnel', async () => {
  const { stores, shop, databases, enqueued } = rig()
  const command = openStores({
    file: join(folder.path, 'quayside.db'),
    clock: standingClock(),
    // The process that runs this one's tests lives as long as they do.
    pid: process.ppid,
  })
  command.tunnels.hold(shop.id, { localPort: 15_432, owner: command.processes.self })
  expect(stores.processes.alive()).toContain(command.processes.self)
  await databases.delete({ id: shop.id, confirmName: 'shop' })
  expect(enqueued).toEqual(['Delete shop'])
  command.close()
})

it('what can not be done is refused by the answer, whatever is asked', async () => {
  const { shop, databases } = rig()
  const { id } = shop
  const gone = databaseIdSchema.parse(crypto.randomUUID())
  const busy = { code: 'busy' }
  await expect(databases.undelete({ id })).rejects.toMatchObject(busy)
  await expect(databases.purge({ id, confirmName: 'shop' })).rejects.toMatchObject(busy)
  const missing = { code: 'not_found' }
  await expect(databases.start({ id: gone })).rejects.toMatchObject(missing)
  await expect(databases.stats({ id: gone })).rejects.toMatchObject(missing)
  await expect(databases.setProtection({ id: gone, protected: true })).rejects.toMatchObject(
    missing,
  )
})

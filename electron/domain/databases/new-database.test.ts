import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ErrorData } from '../../../shared/errors.ts'
import { connectingStatus } from '../../../shared/host-status.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Engine } from '../../engines/engine.ts'
import type { Host, Stores } from '../ports.ts'
import type { DatabaseJobDeps } from './database-job.ts'
import { newDatabase } from './new-database.ts'

const host = someHost()
const request = {
  hostId: host.id,
  engine: 'stonedb',
  name: 'shop',
  version: '17',
  environment: 'staging',
} as const

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock: standingClock() })
  stores.hosts.insert(host)
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

/** A host and a keychain, each with what stands against them. */
function deps(trouble: { host?: ErrorData; keychain?: ErrorData } = {}): DatabaseJobDeps {
  const state = trouble.host === undefined ? 'ready' : 'refused'
  const status = { ...connectingStatus(0), state, error: trouble.host ?? null }
  const engine = {
    info: { versions: [{ version: '17' }] },
    reservedDatabases: ['of_the_server'],
    server: ({ version }: { version: string }) => ({ image: `stonedb:${version}` }),
  } as unknown as Engine
  return {
    stores,
    clock: standingClock(1_000),
    registry: { record: () => host, get: () => ({ status }) as Host },
    secrets: { status: () => Promise.resolve({ error: trouble.keychain ?? null }) },
    engines: { get: () => engine },
  } as unknown as DatabaseJobDeps
}

test('a new database has its names, its user and its image', async () => {
  const made = await newDatabase(deps(), request)
  const { databaseId, user, ...rest } = made
  expect(user).toMatch(/^db_user_[0-9a-f]{6}$/)
  expect(rest).toEqual({
    ...request,
    containerName: 'shop-staging-stonedb',
    volumeName: 'shop-staging-stonedb-data',
    image: 'stonedb:17',
    database: 'shop',
    createdAt: 1_000,
    about: { hostName: 'harbour', environment: 'staging' },
  })

  stores.databases.insert(someDatabase(host, { id: databaseId }))
  await expect(newDatabase(deps(), request)).rejects.toMatchObject({
    code: 'name_taken',
    field: 'name',
  })
})

test('what stands against it is told before anything is made', async () => {
  const refused = { code: 'login_refused', message: 'harbour refuses the login.' } as const
  const locked = { code: 'keychain_locked', message: 'The keychain is locked.' } as const
  await expect(newDatabase(deps({ host: refused }), request)).rejects.toMatchObject({
    code: 'login_refused',
    field: 'hostId',
  })
  await expect(newDatabase(deps({ keychain: locked }), request)).rejects.toMatchObject(locked)
  await expect(newDatabase(deps(), { ...request, version: '17;rm' })).rejects.toMatchObject({
    code: 'invalid_input',
    field: 'version',
  })
  await expect(newDatabase(deps(), { ...request, name: 'of-the-server' })).rejects.toMatchObject({
    code: 'invalid_input',
    field: 'name',
  })
})

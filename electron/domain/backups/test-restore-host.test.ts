import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { HostId, HostStatus } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import type { Stores } from '../ports.ts'
import { testRestoreHost } from './test-restore-host.ts'

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
let refused: HostId | null
const host = someHost({ name: 'harbour' })
const other = someHost({ name: 'quay' })
const shop = someDatabase(host, { state: 'trash', name: 'shop' })
const gone = someDatabase(host, { name: 'gone' })

beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: join(folder.path, 'quayside.db'), clock: standingClock() })
  refused = null
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

/** The name of the host that is chosen. */
function chosen(database: typeof shop, hostId?: HostId): string {
  const status: HostStatus = {
    state: 'ready',
    since: 1,
    lastSeen: 1,
    nextTry: null,
    latencyMs: 1,
    transport: 'socket',
    systemSsh: null,
    systemSshJumps: [],
    touch: false,
    dockerVersion: null,
    os: null,
    limits: [],
    error: null,
  }
  const error = { code: 'login_refused', message: 'The login was refused.' } as const
  return testRestoreHost(
    {
      stores,
      registry: {
        record: (id) => {
          const found = stores.hosts.get(id)
          if (found !== null) return found
          throw new QuaysideError('not_found', 'There is no such host any more.')
        },
        get: (id) => ({ status: id === refused ? { ...status, state: 'refused', error } : status }),
      },
    },
    database,
    hostId,
  ).name
}

it('a copy is proven on the host of its database, in the trash too, or on the one that is named', () => {
  stores.hosts.insert(host)
  stores.hosts.insert(other)
  stores.databases.insert(shop)
  expect(chosen(shop)).toBe('harbour')
  expect(chosen(shop, other.id)).toBe('quay')
  expect(chosen(gone, other.id)).toBe('quay')
})

it('a copy whose database is not here needs a host that is named, which is said with their names', () => {
  stores.hosts.insert(host)
  stores.hosts.insert(other)
  expect(() => chosen(gone)).toThrowError(
    expect.objectContaining({
      code: 'invalid_input',
      field: 'hostId',
      hint: expect.stringMatching(/^gone itself is not here.*harbour, quay/) as string,
    }),
  )
})

it('without any host it says what to do', () => {
  expect(() => chosen(gone)).toThrowError(
    expect.objectContaining({
      code: 'not_found',
      field: 'hostId',
      hint: expect.stringMatching(/^Add one/) as string,
    }),
  )
})

it('a host that needs its user first, or is not there any more, is told at once', () => {
  stores.hosts.insert(host)
  refused = host.id
  expect(() => chosen(gone, host.id)).toThrowError(
    expect.objectContaining({ message: 'The login was refused.', field: 'hostId' }),
  )
  expect(() => chosen(gone, other.id)).toThrowError(expect.objectContaining({ code: 'not_found' }))
})

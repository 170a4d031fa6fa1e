import { join } from 'node:path'
import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Stores } from '../../domain/ports.ts'
import { someDatabase, someHost, standingClock, temporaryFolder } from './fixtures.ts'
import { openStores } from './index.ts'

let folder: ReturnType<typeof temporaryFolder>
let stores: Stores
const fileOf = (): string => join(folder.path, 'quayside.db')

beforeEach(() => {
  folder = temporaryFolder()
  stores = openStores({ file: fileOf(), clock: standingClock(5) })
})
afterEach(() => {
  stores.close()
  folder[Symbol.dispose]()
})

const code = (code: string): unknown => expect.objectContaining({ code })

describe('hosts', () => {
  test('come back as they were put in, by name', () => {
    const quay = someHost({
      name: 'Quay',
      connection: { kind: 'local', socketPath: '/run/d.sock' },
    })
    const harbour = someHost({ name: 'harbour', baseDomain: 'example.org' })
    stores.hosts.insert(quay)
    stores.hosts.insert(harbour)
    expect(stores.hosts.list()).toEqual([harbour, quay])
    expect(stores.hosts.get(quay.id)).toEqual(quay)
    stores.hosts.update(quay.id, { dataDirectory: '/srv/databases' })
    expect(stores.hosts.get(quay.id)).toEqual({ ...quay, dataDirectory: '/srv/databases' })
    stores.hosts.remove(quay.id)
    expect(stores.hosts.get(quay.id)).toBeNull()
  })

  test('two do not share a name, whatever the case', () => {
    stores.hosts.insert(someHost({ name: 'Quay' }))
    expect(() => stores.hosts.insert(someHost({ name: 'quay' }))).toThrow(code('name_taken'))
  })

  test('one that holds a database stays', () => {
    const host = someHost()
    stores.hosts.insert(host)
    stores.databases.insert(someDatabase(host, { state: 'trash' }))
    expect(() => stores.hosts.remove(host.id)).toThrow(code('host_in_use'))
  })
})

describe('databases', () => {
  const host = someHost()
  beforeEach(() => stores.hosts.insert(host))

  test('are counted by host, the trash left out', () => {
    const quay = someHost({ name: 'quay' })
    stores.hosts.insert(quay)
    stores.databases.insert(someDatabase(host))
    stores.databases.insert(someDatabase(host, { name: 'blog', state: 'ready' }))
    stores.databases.insert(someDatabase(host, { name: 'old', state: 'trash' }))
    stores.databases.insert(someDatabase(quay))
    expect([host, quay].map(({ id }) => stores.databases.countOn(id))).toEqual([2, 1])
  })

  test('come back as they were put in and changed', () => {
    const record = someDatabase(host)
    stores.databases.insert(record)
    expect(stores.databases.get(record.id)).toEqual(record)
    stores.databases.update(record.id, { state: 'ready', port: 5432, protected: true })
    const lastKnown = { status: 'running', reason: null, startedAt: 5, since: 6, at: 7 } as const
    stores.databases.setLastKnown(record.id, lastKnown)
    const changed = { ...record, state: 'ready', port: 5432, protected: true, lastKnown }
    expect(stores.databases.list()).toEqual([changed])
    stores.databases.remove(record.id)
    expect(stores.databases.list()).toEqual([])
  })

  test('a name is free for another environment, and again once it lies in the trash', () => {
    const shop = someDatabase(host)
    stores.databases.insert(shop)
    stores.databases.insert(someDatabase(host, { environment: 'production' }))
    const again = someDatabase(host)
    expect(() => stores.databases.insert(again)).toThrow(code('name_taken'))
    stores.databases.update(shop.id, { state: 'trash', deletedAt: 9 })
    stores.databases.insert(again)
    // Out of the trash, it would meet its successor.
    expect(() => stores.databases.update(shop.id, { state: 'ready' })).toThrow(code('name_taken'))
  })

  test('one on a host that is gone is refused', () => {
    expect(() => stores.databases.insert(someDatabase(someHost()))).toThrow(code('not_found'))
  })

  test('a port keeps to its database, also in the trash', () => {
    const shop = someDatabase(host)
    const blog = someDatabase(host, { name: 'blog' })
    stores.databases.insert(shop)
    stores.databases.insert(blog)
    expect(stores.databases.reservePort(shop.id, 5432, new Set())).toBe(5432)
    expect(stores.databases.reservePort(shop.id, 5432, new Set())).toBe(5432)
    stores.databases.update(shop.id, { state: 'trash' })
    expect(stores.databases.reservePort(blog.id, 5432, new Set([5433]))).toBe(5434)
    // Something else on the host took it meanwhile: another one is found.
    expect(stores.databases.reservePort(shop.id, 5432, new Set([5432, 5433]))).toBe(5435)
    expect(() => stores.databases.update(blog.id, { port: 5435 })).toThrow(code('port_taken'))
  })

  test('ports end at 65535', () => {
    const shop = someDatabase(host)
    stores.databases.insert(shop)
    const reserve = (): number => stores.databases.reservePort(shop.id, 65535, new Set([65535]))
    expect(reserve).toThrow(code('port_taken'))
  })

  test('whatever is taken, each gets the lowest port that is free', () => {
    const taken = fc.uniqueArray(fc.integer({ min: 5432, max: 5450 }))
    fc.assert(
      fc.property(fc.array(taken, { minLength: 1, maxLength: 8 }), (asks) => {
        using other = temporaryFolder()
        const own = openStores({ file: join(other.path, 'q.db'), clock: standingClock() })
        own.hosts.insert(host)
        const given = new Set<number>()
        for (const [index, busy] of asks.entries()) {
          const record = someDatabase(host, { name: `shop-${String(index)}` })
          own.databases.insert(record)
          const port = own.databases.reservePort(record.id, 5432, new Set(busy))
          let expected = 5432
          while (given.has(expected) || busy.includes(expected)) expected += 1
          expect(port).toBe(expected)
          given.add(port)
        }
        own.close()
      }),
      { numRuns: 15 },
    )
  })
})

test('a tunnel is let go by its holder only; its port and the wish for it stay until its database goes', () => {
  const host = someHost()
  const shop = someDatabase(host)
  stores.hosts.insert(host)
  stores.databases.insert(shop)
  stores.tunnels.hold(shop.id, { localPort: 15432, owner: 'a' })
  stores.tunnels.hold(shop.id, { localPort: 15433, owner: 'b' })
  stores.tunnels.setOwnPort(shop.id, 15433)
  stores.tunnels.setArmed(shop.id, true)
  stores.tunnels.release(shop.id, 'a')
  const holder = { localPort: 15433, owner: 'b' }
  expect(stores.tunnels.get(shop.id)).toEqual({ ownPort: 15433, armed: true, holder })
  stores.tunnels.release(shop.id, 'b')
  expect(stores.tunnels.get(shop.id)).toEqual({ ownPort: 15433, armed: true, holder: null })
  expect(stores.tunnels.armed()).toEqual([shop.id])
  stores.tunnels.setArmed(shop.id, false)
  expect(stores.tunnels.armed()).toEqual([])
  stores.databases.remove(shop.id)
  expect(stores.tunnels.get(shop.id)).toBeNull()
})

test('the audit log is appended to', () => {
  const entry = { action: 'hosts.trustNewKey', subject: 'harbour' }
  stores.audit.append({ ...entry, facts: { fingerprint: 'SHA256:x' } })
  const reader = new Database(fileOf(), { readonly: true })
  const rows: unknown = reader.prepare('SELECT * FROM audit').all()
  reader.close()
  expect(rows).toEqual([
    { id: 1, at: 5, outcome: 'done', ...entry, facts: '{"fingerprint":"SHA256:x"}' },
  ])
})

test('a transaction is all or nothing; one inside it may fail by itself', () => {
  const inner = someHost({ name: 'inner' })
  const outer = someHost({ name: 'outer' })
  const fail = (): never => {
    throw new Error('stop')
  }
  stores.transaction(() => {
    stores.hosts.insert(outer)
    expect(() =>
      stores.transaction(() => {
        stores.hosts.insert(inner)
        fail()
      }),
    ).toThrow('stop')
  })
  expect(stores.hosts.list()).toEqual([outer])
  expect(() =>
    stores.transaction(() => {
      stores.hosts.insert(inner)
      stores.transaction(() => stores.hosts.remove(outer.id))
      fail()
    }),
  ).toThrow('stop')
  expect(stores.hosts.list()).toEqual([outer])
})

test('a row that does not fit is damage, not a record', () => {
  const host = someHost()
  stores.hosts.insert(host)
  const writer = new Database(fileOf())
  writer.prepare(`UPDATE hosts SET connection = '{"kind":"carrier-pigeon"}'`).run()
  writer.close()
  expect(() => stores.hosts.list()).toThrow(code('store_damaged'))
})

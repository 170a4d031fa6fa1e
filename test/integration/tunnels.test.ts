import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compose } from '../../electron/compose.ts'
import type { Core } from '../../electron/domain/core.ts'
import { usualPort } from '../../electron/domain/tunnels/usual-port.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import { openLab, type Lab } from '../lab/lab.ts'
import { output } from './cli-process.ts'

// A tunnel as the app holds it, used by psql as a user would.

const labVersion = '15'

describe('a tunnel to a database of the lab', { timeout: 120_000 }, () => {
  let lab: Lab
  let home: string
  let core: Core
  let id: DatabaseId
  let copied = ''
  const name = `held-${Math.random().toString(36).slice(2, 8)}`
  const clipboard = { writeSecret: (text: string) => void (copied = text) }
  const start = async () => {
    core = await compose({ home, version: '0.0.0-test', clipboard })
    core.watch()
  }
  const psql = (...args: string[]) => output('psql', [copied, '-XAtqc', ...args])
  const tunnel = async () =>
    (await core.tunnels.list({})).find(({ databaseId }) => databaseId === id)
  const job = async ({ jobId }: { jobId: Parameters<Core['waitForJob']>[0] }) => {
    const { state, error } = await core.waitForJob(jobId, AbortSignal.timeout(90_000))
    expect({ state, error }).toEqual({ state: 'done', error: null })
  }

  beforeAll(async () => {
    lab = await openLab()
    home = await mkdtemp(join(tmpdir(), 'quayside-tunnels-'))
    await start()
    const [server] = lab.hosts
    if (server === undefined) throw new Error('The lab has no host.')
    const host = await core.hosts.add({
      name: server.name,
      baseDomain: null,
      connection: {
        kind: 'ssh',
        address: server.proxy.host,
        port: server.proxy.port,
        user: server.ssh.user,
        login: { kind: 'key', path: server.ssh.keyPath },
      },
      acceptHostKey: server.ssh.hostKeyFingerprint,
    })
    const created = await core.databases.create({
      hostId: host.id,
      engine: 'postgres',
      name,
      version: labVersion,
      environment: 'development',
    })
    id = created.id
    await job(created)
  }, 120_000)

  afterAll(async () => {
    await lab.fault.proxy.clear('h1')
    await job(await core.databases.delete({ id, confirmName: name }))
    await job(await core.databases.purge({ id, confirmName: name }))
    await core.close()
    await rm(home, { recursive: true })
  }, 60_000)

  it('is armed by copying, and its address is what was copied', async () => {
    expect(await tunnel()).toBeUndefined()
    await core.databases.copy({ id, what: 'url' })
    expect(copied).toContain(`@127.0.0.1:${usualPort(id)}/`)
    expect(await tunnel()).toMatchObject({ armed: true, clients: [], movedFrom: null })
    expect(await psql('select 40 + 2')).toBe('42')
  })

  it('carries twenty clients at once and says who they are', async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => String(n))
    const all = Promise.all(numbers.map((n) => psql(`select ${n} from pg_sleep(2)`)))
    await expect
      .poll(async () => (await tunnel())?.clients.map(({ program }) => program?.name), {
        timeout: 10_000,
        interval: 300,
      })
      .toEqual(numbers.map(() => 'psql'))
    expect(await all).toEqual(numbers)
    await expect.poll(async () => (await tunnel())?.clients).toEqual([])
  })

  it('carries a big COPY in both directions, to the last byte', async () => {
    const rows = 40_000
    await psql('create table big (line text)')
    const fill = `select repeat(md5(n::text), 16) from generate_series(1, ${rows}) n`
    const sum = await psql(`select md5(string_agg(t, '' order by t)) from (${fill}) as a (t)`)
    const pipe = `psql "$1" -XAtqc "copy (${fill}) to stdout" | psql "$1" -Xqc "copy big from stdin"`
    await output('sh', ['-ec', pipe, 'sh', copied])
    expect(await psql(`select md5(string_agg(line, '' order by line)) from big`)).toBe(sum)
  })

  it('lets a client wait while the link is cut, and answers it once it is back', async () => {
    await lab.fault.proxy.cut('h1', { refuse: true })
    await expect
      .poll(async () => (await core.hosts.list({}))[0]?.status.state, { timeout: 15_000 })
      .toBe('lost')
    const answer = psql('select 7 * 6')
    await expect.poll(async () => (await tunnel())?.clients).toMatchObject([{ state: 'waiting' }])
    await lab.fault.proxy.clear('h1')
    expect(await answer).toBe('42')
    expect(await psql('select 1')).toBe('1')
  })

  it('is there again after a start, as the user had armed it', async () => {
    await core.close()
    await start()
    await expect.poll(tunnel).toMatchObject({ localPort: usualPort(id), armed: true })
    expect(await psql('select 1')).toBe('1')
  })

  it('moves on where its port is taken, says so, and stays where it is now', async () => {
    await core.close()
    const holder = createServer().listen(usualPort(id), '127.0.0.1')
    await once(holder, 'listening')
    await start()
    await expect.poll(tunnel).toMatchObject({ movedFrom: usualPort(id) })
    const moved = (await tunnel())?.localPort
    await core.close()
    await new Promise((closed) => holder.close(closed))
    await start()
    await expect.poll(tunnel).toMatchObject({ localPort: moved, movedFrom: null })
    await core.databases.copy({ id, what: 'url' })
    expect(copied).toContain(`@127.0.0.1:${moved}/`)
    expect(await psql('select 1')).toBe('1')
  })

  it('stays closed after a start once the user has disarmed it', async () => {
    await core.tunnels.close({ databaseId: id })
    await core.close()
    await start()
    await core.hosts.list({})
    expect(await tunnel()).toBeUndefined()
  })
})

import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../electron/domain/core.ts'
import { usualPort } from '../../electron/domain/tunnels/usual-port.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import { coreOnLab, create, discard, expectDone, type CoreOnLab } from '../faults/core-on-lab.ts'
import type { Lab } from '../lab/lab.ts'
import { output } from './cli-process.ts'

// A tunnel as the app holds it, used by psql as a user would.

describe('a tunnel to a database of the lab', { timeout: 120_000 }, () => {
  let rig: CoreOnLab
  let lab: Lab
  let core: Core
  let id: DatabaseId
  let copied = ''
  const name = `held-${Math.random().toString(36).slice(2, 8)}`
  const clipboard = { writeSecret: (text: string) => void (copied = text) }
  const start = async () => {
    core = await rig.restart()
    core.watch()
  }
  const psql = (...args: string[]) => output('psql', [copied, '-XAtqc', ...args])
  const tunnel = async () =>
    (await core.tunnels.list({})).find(({ databaseId }) => databaseId === id)

  beforeAll(async () => {
    rig = await coreOnLab({ clipboard })
    ;({ core, lab } = rig)
    core.watch()
    const created = await create(rig, name)
    id = created.id
    await expectDone(core, created.jobId)
  }, 120_000)

  afterAll(async () => {
    await lab.fault.proxy.clear('h1')
    await discard(core, id, name)
    await rig.close()
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
    await rig.stop()
    await start()
    await expect.poll(tunnel).toMatchObject({ localPort: usualPort(id), armed: true })
    expect(await psql('select 1')).toBe('1')
  })

  it('moves on where its port is taken, says so, and stays where it is now', async () => {
    await rig.stop()
    const holder = createServer().listen(usualPort(id), '127.0.0.1')
    await once(holder, 'listening')
    await start()
    await expect.poll(tunnel).toMatchObject({ movedFrom: usualPort(id) })
    const moved = (await tunnel())?.localPort
    await rig.stop()
    await new Promise((closed) => holder.close(closed))
    await start()
    await expect.poll(tunnel).toMatchObject({ localPort: moved, movedFrom: null })
    await core.databases.copy({ id, what: 'url' })
    expect(copied).toContain(`@127.0.0.1:${moved}/`)
    expect(await psql('select 1')).toBe('1')
  })

  it('stays closed after a start once the user has disarmed it', async () => {
    await core.tunnels.close({ databaseId: id })
    await rig.stop()
    await start()
    await core.hosts.list({})
    expect(await tunnel()).toBeUndefined()
  })
})

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Bulk, Host } from '../../electron/domain/ports.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import { openLab } from '../lab/lab.ts'
import { gather, openBackupRig, startTask, type BackupRig, type Server } from './backup-rig.ts'
import { freshName } from './docker-bench.ts'

const lab = await openLab()
const { backup } = postgres
let rig: BackupRig
let host: Host
let bulk: Bulk
let server: Server

beforeAll(async () => {
  rig = await openBackupRig()
  ;({ host, bulk, server } = rig)
  await server.sql('app', 'CREATE TABLE big (n int)')
})
afterAll(() => rig.close())

describe('a task', () => {
  const labels = { 'io.quayside.test-task': freshName('label') }
  const start = (name: string, script: string, more: object = {}) =>
    bulk.docker().startTask({
      name,
      image: server.imageId,
      command: ['sh', '-c', script],
      labels,
      network: 'none',
      tmpfs: [],
      memoryBytes: null,
      ...more,
    })

  it('tells its exit code, and a write to one that is over fails at once', async () => {
    const task = await start(freshName('early'), 'head -c 10 >/dev/null; exit 5')
    onTestFinished(() => task.remove())
    const written = new Promise((resolve) => {
      task.stdin.once('error', resolve)
      for (let piece = 0; piece < 40; piece++) task.stdin.write(Buffer.alloc(2 ** 20))
    })
    expect(await written).toMatchObject({ code: 'EPIPE' })
    expect((await gather(task.stdout)).length).toBe(0)
    expect(await task.exit).toBe(5)
  })

  it('that is killed says so, and its name is free for the next try', async () => {
    const name = freshName('killed')
    const first = await start(name, 'echo begun; sleep 60')
    first.stdout.resume()
    await start(name, 'true').then((second) => second.remove())
    expect(await first.exit.catch((error: unknown) => error)).not.toBe(0)
    const third = await start(name, 'sleep 60')
    third.stdout.resume()
    await third.kill()
    await third.kill()
    expect(await third.exit).toBe(137)
    await expect(start(name, 'true', { labels: { other: 'x' } })).rejects.toMatchObject({
      code: 'name_taken',
    })
    expect(await host.docker().removeTasks(labels)).toBe(1)
    expect(await host.docker().removeTasks(labels)).toBe(0)
    await third.remove()
  })

  it('has a scratch on disk that goes with it, and can write nowhere else', async () => {
    const before = (await lab.docker('h1', ['volume', 'ls', '-q'])).stdout.split('\n').length
    const script = 'echo x >/scratch/a && echo y >/elsewhere; ls /scratch; id -u; df -P /scratch'
    const task = await start(freshName('scratch'), script, { scratch: '/scratch' })
    const said = (await gather(task.stdout)).toString()
    expect(said).toMatch(/^a\n0\n/)
    expect(task.stderr()).toContain('Read-only file system')
    await task.remove()
    const after = (await lab.docker('h1', ['volume', 'ls', '-q'])).stdout.split('\n').length
    expect(after).toBe(before)
  })

  it('that takes more memory than it may ends with that reason', async () => {
    const script = 'cat /dev/zero | head -c 200m | tail -c 190m | wc -c'
    const task = await start(freshName('greedy'), script, { memoryBytes: 64 * 2 ** 20 })
    onTestFinished(() => task.remove())
    task.stdout.resume()
    const end = await task.exit.catch((error: unknown) => error)
    if (end !== 0)
      expect(end).toMatchObject({ message: expect.stringContaining('memory') as string })
  })

  it('that waits for a lock is seen to, and leaves no session behind when it is taken away', async () => {
    const session = await server.session('app')
    onTestFinished(() => session.close())
    const dumping = backup.dump({
      source: { ...server.source('app'), version: '15' },
      nonce: randomBytes(12).toString('hex'),
      snapshot: await session.exportSnapshot(),
      codec: 'none',
    })
    const locked = server
      .sql('app', 'BEGIN; LOCK TABLE pg_largeobject_metadata; SELECT pg_sleep(61)')
      .catch(String)
    const holder = `FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(61)%'`
    const held = () => server.sql('app', `SELECT count(*) ${holder}`)
    await expect.poll(held, { timeout: 20_000 }).toContain('1')
    expect(await session.isHeldUp()).toBe(false)
    const task = await startTask(bulk.docker(), server, dumping)
    onTestFinished(() => task.remove())
    task.stdout.resume().on('error', () => undefined)
    task.exit.catch(() => undefined)
    task.stdin.end(dumping.input)
    await expect.poll(() => session.isHeldUp(), { timeout: 10_000 }).toBe(true)
    await task.remove()
    await expect.poll(() => session.isHeldUp(), { timeout: 15_000 }).toBe(false)
    // It had not got its lock.
    expect(await held()).toContain('1')
    await server.sql('app', `SELECT pg_terminate_backend(pid) ${holder}`)
    await locked
  })

  it('shows its password nowhere', async () => {
    const session = await server.session('app')
    onTestFinished(() => session.close())
    const dumping = backup.dump({
      source: server.source('app'),
      nonce: randomBytes(12).toString('hex'),
      snapshot: await session.exportSnapshot(),
      codec: 'none',
    })
    // pg_dump waits for the lock until it is taken away, and so can be looked at.
    const locked = server
      .sql('app', 'BEGIN; LOCK TABLE pg_largeobject_metadata; SELECT pg_sleep(60)')
      .catch(String)
    const holder = `FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep(60)%'`
    const held = () => server.sql('app', `SELECT count(*) ${holder}`)
    await expect.poll(held, { timeout: 20_000 }).toContain('1')
    const task = await startTask(bulk.docker(), server, dumping)
    onTestFinished(() => task.remove())
    task.stdin.end(dumping.input)
    const look = 'cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr "\\0" "\\n"'
    const processes = async () =>
      (await lab.docker('h1', ['exec', task.id, 'sh', '-c', look])).stdout
    await expect.poll(processes, { timeout: 10_000 }).toContain('--lock-wait-timeout')
    const secret = server.password.slice(0, 16)
    const seen = await processes()
    const inspected = await lab.docker('h1', ['inspect', task.id])
    const changed = await lab.docker('h1', ['diff', task.id])
    expect(inspected.stdout).toContain(task.id)
    expect(seen).toContain('PGPASSFILE=')
    for (const text of [inspected.stdout, seen, changed.stdout, task.stderr()])
      expect(text).not.toContain(secret)
    expect(changed.stdout).not.toContain('pgpass')
    await server.sql('app', `SELECT pg_terminate_backend(pid) ${holder}`)
    await gather(task.stdout)
    expect(await task.exit).toBe(0)
    await locked
  })
})

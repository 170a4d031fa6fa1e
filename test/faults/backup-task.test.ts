import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from 'vitest'
import type { Host, StreamTask } from '../../electron/domain/ports.ts'
import { postgres } from '../../electron/engines/postgres/index.ts'
import { openLab } from '../lab/lab.ts'
import { freshName } from '../integration/docker-bench.ts'
import {
  gather,
  openLabHost,
  startServer,
  startTask,
  type Server,
} from '../integration/backup-rig.ts'

const lab = await openLab()
const labels = { 'io.quayside.test-task': freshName('fault') }
let host: Host
let closeHost: () => Promise<void>
let imageId: string

beforeAll(async () => {
  const opened = await openLabHost()
  host = opened.host
  closeHost = opened.close
  imageId = (await host.docker().ensureImage('postgres:15')).id
})
beforeEach(() => lab.fault.clear())
afterAll(async () => {
  await lab.fault.clear()
  await closeHost()
})

async function openBulk(on = host) {
  const bulk = await on.bulk(AbortSignal.timeout(30_000))
  onTestFinished(() => bulk.close())
  return bulk
}

async function start(script: string, on?: Awaited<ReturnType<typeof openBulk>>) {
  const bulk = on ?? (await openBulk())
  const task = await bulk.docker().startTask({
    name: freshName('fault'),
    image: imageId,
    command: ['sh', '-c', script],
    labels,
    network: 'none',
    tmpfs: [],
    memoryBytes: null,
  })
  return { bulk, task }
}

const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'a clean end',
    (error: unknown) => error,
  )

async function firstBytes(task: StreamTask): Promise<void> {
  await once(task.stdout, 'readable')
}

/** Removes what is left there, as soon as the host is back. */
async function leftovers(): Promise<number> {
  for (const deadline = Date.now() + 30_000; ;) {
    host.reconnect()
    try {
      return await host.docker().removeTasks(labels, { signal: AbortSignal.timeout(10_000) })
    } catch (thrown) {
      if (Date.now() > deadline) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
  }
}

it('a connection that is cut ends no stream like a whole one, and what is left is found', async () => {
  const { bulk, task } = await start('head -c 800m /dev/zero; cat >/dev/null')
  await firstBytes(task)
  const reading = outcome(gather(task.stdout))
  const exit = outcome(task.exit)
  const writing = new Promise((resolve) => task.stdin.once('error', resolve))
  await lab.fault.proxy.cut('h1')
  expect(await reading).toMatchObject({ code: 'host_lost' })
  expect(await exit).toMatchObject({ code: 'host_lost' })
  task.stdin.write('more')
  expect(await writing).toMatchObject({ code: 'host_lost' })
  expect(bulk.lost.aborted).toBe(true)
  expect(bulk.lost.reason).toMatchObject({ code: 'host_lost' })
  expect(await leftovers()).toBe(1)
})

it('a Docker that is killed meanwhile is no clean end', async () => {
  const { task } = await start('head -c 100k /dev/zero; sleep 30')
  await firstBytes(task)
  const reading = outcome(gather(task.stdout))
  const exit = task.exit.catch((error: unknown) => error)
  await lab.fault.docker.kill('h1')
  await lab.fault.docker.start('h1')
  expect(await reading).toMatchObject({ code: 'docker_down' })
  expect(await exit).not.toBe(0)
  expect(await leftovers()).toBeLessThanOrEqual(1)
})

it('a transfer that stalls holds up no other', async () => {
  const { task: stalled } = await start('head -c 200m /dev/zero')
  await firstBytes(stalled)
  const { task } = await start('head -c 20m /dev/zero')
  expect((await gather(task.stdout)).length).toBe(20 * 2 ** 20)
  expect((await host.docker().version()).version).not.toBe('')
  await Promise.all([stalled.remove(), task.remove()])
  expect(await leftovers()).toBe(0)
})

it('goes by Docker’s own program where sshd forbids its socket', async () => {
  await lab.fault.sshd.set('h1', ['AllowStreamLocalForwarding no'])
  const { host: narrow, close } = await openLabHost()
  onTestFinished(close)
  const bulk = await openBulk(narrow)
  const { task } = await start('cat; exit 4', bulk)
  const sent = randomBytes(5 * 2 ** 20)
  task.stdin.end(sent)
  expect((await gather(task.stdout)).equals(sent)).toBe(true)
  expect(await task.exit).toBe(4)
  await task.remove()
  expect(narrow.status.transport).toBe('dial-stdio')
})

it('a restore whose connection is cut has not touched the target', async () => {
  const server: Server = await startServer(host)
  onTestFinished(() => server.remove())
  const dump = randomBytes(2 ** 20)
  const task = postgres.backup.restore({
    target: server.source('app'),
    nonce: 'abc',
    codec: 'none',
    expected: {
      sha256: createHash('sha256').update(dump).digest('hex'),
      roomBytes: dump.length,
    },
    trust: 'known',
  })
  const bulk = await openBulk()
  const running = await startTask(bulk.docker(), server, task, freshName('cut'))
  running.stdout.resume()
  running.stdin.write(task.input)
  running.stdin.write(dump.subarray(0, -1000))
  await expect.poll(() => task.phaseIn(running.stderr())).toBe('receiving')
  await lab.fault.proxy.cut('h1')
  expect(await outcome(running.exit)).toMatchObject({ code: 'host_lost' })
  host.reconnect()
  await host.ready(AbortSignal.timeout(30_000))
  const ended = async () => (await host.docker().inspectContainer(running.id))?.exitCode
  await expect.poll(ended, { timeout: 10_000 }).toBe(13)
  const session = await server.session('app')
  expect(await session.tables()).toEqual([])
  await session.close()
  await host.docker().removeContainer(running.id)
})

it('that says ten megabytes in one line, of bytes that are no text, is told bounded and plain', async () => {
  // Played by a shell: the tools of a real server can't be made to say that.
  const noise = String.raw`printf 'pg_dump: error: \033]0;title\007\377\376<img src=x onerror=alert(1)>'
    head -c 10m /dev/zero | tr '\0' x; echo; exit 1`
  const { task } = await start(`{ ${noise}; } >&2`)
  task.stdout.resume()
  const exitCode = await task.exit
  const stderr = task.stderr()
  expect(stderr.length).toBeLessThan(300 * 1024)
  const { report } = postgres.backup.dump({
    source: postgres.backup.parseSource('host=127.0.0.1 user=nobody'),
    nonce: 'abc',
    snapshot: '1',
    codec: 'none',
  })
  const told = (() => {
    try {
      return report({ exitCode, stderr })
    } catch (thrown) {
      return thrown
    }
  })()
  expect(told).toMatchObject({ code: 'backup_failed' })
  const { message = '', detail = '' } = told as { message?: string; detail?: string }
  expect(detail).toContain('error: �]0;title�')
  expect(`${message}${detail}`.length).toBeLessThan(2_000)
  expect(`${message}${detail}`).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/)
  await task.remove()
})

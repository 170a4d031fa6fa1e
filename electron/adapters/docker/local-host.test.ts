import { createServer, type AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hostIdSchema, type HostStatus } from '../../../shared/contract/hosts.ts'
import type { Host, HostRecord } from '../../domain/ports.ts'
import { createClock } from '../clock/index.ts'
import { jsonEngine, startTestEngine, version20 } from './docker-test-engine.ts'
import { likelySockets } from './find-local.ts'
import { checkLocalDocker } from './local-check.ts'
import { createLocalHost } from './local-host.ts'

const info = {
  ServerVersion: '20.10.24',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  NCPU: 2,
  MemTotal: 4 * 2 ** 30,
  DockerRootDir: '/var/lib/docker',
}
const answers = { '/version': () => version20, '/info': () => info }

function open(socketPath: string): Host {
  const record: HostRecord = {
    id: hostIdSchema.parse('0b6c4c5e-7a52-4a8e-8f5c-0d6f1d0c3a11'),
    name: 'here',
    connection: { kind: 'local', socketPath },
    baseDomain: null,
    dataDirectory: null,
    createdAt: 0,
  }
  const host = createLocalHost({ record, clock: createClock() })
  onTestFinished(() => host.close())
  return host
}

function statusWhere(host: Host, wanted: HostStatus['state']): Promise<HostStatus> {
  return new Promise((resolve) => {
    const judge = (status: HostStatus) => {
      if (status.state !== wanted) return
      stop()
      resolve(status)
    }
    const stop = host.onStatus(judge)
    judge(host.status)
  })
}

describe('this computer as a host', () => {
  it('is ready when Docker answers, lost when it stops, and ready again by itself', async () => {
    const engine = await startTestEngine(jsonEngine(answers))
    const host = open(engine.socketPath)
    await host.ready()
    expect(host.status).toMatchObject({
      state: 'ready',
      transport: 'socket',
      dockerVersion: '20.10.24',
      os: 'Debian GNU/Linux 12 (bookworm)',
      error: null,
    })
    await engine.stop()
    host.reconnect()
    const lost = await statusWhere(host, 'lost')
    expect(lost.error?.code).toMatch(/docker_(down|missing)/)
    expect(lost.nextTry).toBeGreaterThan(lost.since)
    const waiting = host.ready()
    await engine.start()
    await waiting
    expect(host.status.state).toBe('ready')
  })

  it('is refused by a Docker that is too old, and says so to who waits', async () => {
    const old = { ...answers, '/version': () => ({ ...version20, ApiVersion: '1.39' }) }
    const engine = await startTestEngine(jsonEngine(old))
    const host = open(engine.socketPath)
    await expect(host.ready()).rejects.toMatchObject({ code: 'docker_too_old' })
    expect(host.status).toMatchObject({ state: 'refused', nextTry: null })
  })

  it('lets who waits give up, and ends the wait when it is closed', async () => {
    const host = open('/does/not/exist.sock')
    const controller = new AbortController()
    const reason = new Error('enough')
    const first = host.ready(controller.signal)
    const second = host.ready()
    controller.abort(reason)
    await expect(first).rejects.toBe(reason)
    await host.close()
    await expect(second).rejects.toMatchObject({ code: 'host_lost' })
  })

  it('forwards to its own loopback; the signal is for the way there alone', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    const host = open('/does/not/exist.sock')
    const controller = new AbortController()
    const stream = await host.forward(port, controller.signal)
    controller.abort()
    expect(await text(stream)).toBe('hello')
    await new Promise((resolve) => server.close(resolve))
    await expect(host.forward(port)).rejects.toMatchObject({ code: 'engine_not_ready' })
    await expect(host.forward(port, controller.signal)).rejects.toMatchObject({
      name: 'AbortError',
    })
  })
})

describe('a program on this computer', () => {
  const exec: Host['exec'] = (argv, options) => open('/does/not/exist.sock').exec(argv, options)

  it('gets its words as they are, and its input', async () => {
    const words = ['a b', "it's", '$HOME', '"', '']
    const printed = await exec(['printf', '%s|', ...words])
    expect(printed).toEqual({ code: 0, stdout: `${words.join('|')}|`, stderr: '' })
    expect(await exec(['cat'], { stdin: 'in' })).toMatchObject({ code: 0, stdout: 'in' })
    expect(await exec(['cat'])).toMatchObject({ code: 0, stdout: '' })
  })

  it('tells its exit code, also when it is none of its own', async () => {
    expect(await exec(['sh', '-c', 'echo no >&2; exit 3'])).toEqual({
      code: 3,
      stdout: '',
      stderr: 'no\n',
    })
    expect(await exec(['no-such-program-here'])).toMatchObject({ code: 127 })
    await expect(exec(['sh', '-c', 'kill -9 $$'])).rejects.toMatchObject({ code: 'host_lost' })
  })

  it('may end without reading its input', async () => {
    const stdin = 'x'.repeat(4 * 2 ** 20)
    expect(await exec(['sh', '-c', 'exit 4'], { stdin })).toMatchObject({ code: 4 })
  })

  it('is ended when the caller has had enough', async () => {
    const signal = AbortSignal.timeout(30)
    await expect(exec(['sleep', '20'], { signal })).rejects.toMatchObject({ name: 'TimeoutError' })
  })
})

describe('a check of this computer', () => {
  const check = (socketPath: string) =>
    checkLocalDocker({ checkId: 'x', connection: { kind: 'local', socketPath } })
  const failed = async (socketPath: string) =>
    (await check(socketPath)).steps.find((step) => step.state === 'failed')

  it('tells each step', async () => {
    const engine = await startTestEngine(jsonEngine(answers))
    const { ok, steps } = await check(engine.socketPath)
    expect(ok).toBe(true)
    expect(steps.map(({ name, fact }) => [name, fact])).toEqual([
      ['docker', engine.socketPath],
      ['permission', 'Yes'],
      ['version', 'Docker 20.10.24, API 1.41'],
      ['disk', expect.stringContaining('4.3 GB of memory, 2 cores')],
    ])
  })

  it('names the field of a path where there is nothing, or no socket', async () => {
    const engine = await startTestEngine(jsonEngine(answers))
    const file = `${engine.socketPath}.txt`
    writeFileSync(file, '')
    for (const path of ['/does/not/exist.sock', file, `${file}/sock`, `/${'x'.repeat(200)}`]) {
      expect(await failed(path)).toMatchObject({
        name: 'docker',
        error: { code: 'docker_missing', field: 'connection.socketPath' },
      })
    }
  })

  it('fails at the version of a Docker that is too old', async () => {
    const old = { ...answers, '/version': () => ({ ...version20, ApiVersion: '1.39' }) }
    const engine = await startTestEngine(jsonEngine(old))
    const { ok, steps } = await check(engine.socketPath)
    expect(ok).toBe(false)
    expect(steps.map(({ state }) => state)).toEqual(['done', 'done', 'failed', 'not-run'])
    expect(steps[2]?.error).toMatchObject({ code: 'docker_too_old' })
  })
})

describe('where Docker’s socket may lie', () => {
  it('is where the environment says, then where each kind of Docker puts it', () => {
    const env = { DOCKER_HOST: 'unix:///mine.sock', XDG_RUNTIME_DIR: '/run/user/1' }
    const sockets = likelySockets(env, 'linux', '/home/me')
    expect(sockets.slice(0, 2)).toEqual(['/mine.sock', '/var/run/docker.sock'])
    expect(sockets).toContain('/run/user/1/docker.sock')
    expect(likelySockets({ DOCKER_HOST: 'tcp://10.0.0.1:2375' }, 'darwin', '/Users/me')[0]).toBe(
      '/var/run/docker.sock',
    )
    expect(likelySockets({}, 'win32', 'C:\\me')).toEqual(['//./pipe/docker_engine'])
  })
})

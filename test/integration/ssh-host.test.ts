import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { inject, describe, expect, it, onTestFinished } from 'vitest'
import { sessionsOf } from './certificate-server.ts'
import { byKey, get, makeConnector, startServer, statusWhere, trust } from './ssh-connector.ts'

const dockerSocket = () => inject('lab').hosts[0]?.dockerSocket ?? ''

async function connected(settings: readonly string[] = []) {
  const server = await startServer(dockerSocket(), { settings })
  const subject = makeConnector()
  const connection = byKey(server.port, server.file('id'))
  await trust(subject.connector, connection)
  const opened = subject.open(connection)
  await opened.host.ready(AbortSignal.timeout(20_000))
  return { server, ...opened }
}

describe('a host over SSH', () => {
  it('connects and tells what it found', async () => {
    const { host } = await connected()
    const status = await statusWhere(host, ({ state }) => state === 'ready')
    expect(status).toMatchObject({ transport: 'stream-local', limits: [], error: null })
    expect(status.dockerVersion).toMatch(/^\d+\./)
    expect(status.os).toContain('Debian')
    expect(status.latencyMs).toBeGreaterThan(0)
  })

  it('runs programs with words of any kind, input and exit codes', async () => {
    const { host } = await connected()
    const words = ["it's", '"', '\\', '$HOME', 'a b', '', '*', 'ü\n']
    const printed = await host.exec(['printf', '%s|', ...words])
    expect(printed).toEqual({ code: 0, stdout: `${words.join('|')}|`, stderr: '' })
    expect((await host.exec(['cat'], { stdin: 'input' })).stdout).toBe('input')
    expect((await host.exec(['sh', '-c', 'echo no >&2; exit 3'])).code).toBe(3)
  })

  it('ends a program when its call is aborted', async () => {
    const { host } = await connected()
    const abort = new AbortController()
    const seconds = `300.${process.pid}${Date.now() % 1_000_000}`
    const running = host.exec(['sh', '-c', `sleep ${seconds}`], { signal: abort.signal })
    setTimeout(() => abort.abort(), 300)
    await expect(running).rejects.toMatchObject({ name: 'AbortError' })
    const left = () => host.exec(['pgrep', '-fx', `sleep ${seconds}`])
    await expect.poll(async () => (await left()).code, { timeout: 5_000 }).toBe(1)
  })

  it('forwards to the host’s own loopback, and tells a port where nothing listens', async () => {
    const { host } = await connected()
    const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void server.close())
    const { port } = server.address() as AddressInfo
    const stream = await host.forward(port)
    const closed = once(stream, 'close')
    stream.end('echo')
    const [chunk] = (await once(stream, 'data')) as [Buffer]
    expect(chunk.toString()).toBe('echo')
    await closed
    server.close()
    await expect(host.forward(port)).rejects.toMatchObject({ code: 'engine_not_ready' })
  })

  // sshd refuses the eleventh session; channels to a socket are none.
  it('carries thirty calls and thirty programs at once', async () => {
    const { host, agent } = await connected()
    const calls = Array.from({ length: 30 }, () => get(agent, '/_ping'))
    const runs = Array.from({ length: 30 }, (_, i) => host.exec(['echo', String(i)]))
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['OK']))
    expect((await Promise.all(runs)).map(({ stdout }) => Number(stdout))).toEqual(
      Array.from({ length: 30 }, (_, i) => i),
    )
  })

  it('makes do with a server that allows two sessions', async () => {
    const { host, agent } = await connected(['MaxSessions 2', 'AllowStreamLocalForwarding no'])
    const runs = Array.from({ length: 6 }, () => host.exec(['true']))
    const calls = Array.from({ length: 6 }, () => get(agent, '/_ping'))
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['OK']))
    expect((await Promise.all(runs)).every(({ code }) => code === 0)).toBe(true)
  })

  // Without a session on the connection sshd leaves Nagle's algorithm on: 43 ms for each such call.
  it('does not wait for Nagle’s algorithm on longer answers', async () => {
    const { agent } = await connected()
    await get(agent, '/info')
    const times: number[] = []
    for (let i = 0; i < 15; i++) {
      const before = performance.now()
      await get(agent, '/version')
      times.push(performance.now() - before)
    }
    expect(times.sort((a, b) => a - b)[7]).toBeLessThan(35)
  })

  it('prefers AES-GCM', async () => {
    const { server } = await connected(['LogLevel DEBUG1'])
    expect(server.log()).toMatch(/kex: client->server cipher: aes\d+-gcm@openssh\.com/)
  })
})

describe('a server that lets the user in and', () => {
  it('runs no commands: what it says instead is told', async () => {
    const server = await startServer(dockerSocket(), {
      settings: ['ForceCommand echo "Password change required but no TTY available." >&2; exit 1'],
    })
    const { connector, open } = makeConnector()
    const connection = byKey(server.port, server.file('id'))
    await trust(connector, connection)
    const { host } = open(connection)
    const { error } = await statusWhere(host, ({ state }) => state === 'refused')
    expect(error).toMatchObject({
      code: 'no_shell',
      detail: expect.stringMatching(/^Password/) as string,
    })
  })
})

describe('a known_hosts that cannot be read', () => {
  it('is named, and leaves no connection behind', async () => {
    const server = await startServer(dockerSocket())
    const { connector, home, open } = makeConnector()
    const connection = byKey(server.port, server.file('id'))
    await trust(connector, connection)
    mkdirSync(join(home, '.ssh', 'known_hosts'), { recursive: true })
    const { host } = open(connection)
    for (let time = 0; time < 3; time++) {
      const { error } = await statusWhere(host, ({ state }) => state === 'refused')
      expect(error?.code).toBe('ssh_config_invalid')
      expect(error?.message).toContain(join(home, '.ssh', 'known_hosts'))
      host.reconnect()
    }
    await statusWhere(host, ({ state }) => state === 'refused')
    await expect.poll(() => sessionsOf(server)).toEqual([])
  })
})

describe('a server that forbids forwarding', () => {
  it('to Docker’s socket: dial-stdio is used, at most four at a time, and said so', async () => {
    const { host, server, agent, streamAgent } = await connected([
      'AllowStreamLocalForwarding no',
      'LogLevel DEBUG1',
    ])
    const { limits, transport } = host.status
    expect(transport).toBe('dial-stdio')
    expect(limits.join()).toContain('AllowStreamLocalForwarding')
    const calls = [agent, streamAgent].flatMap((over) =>
      Array.from({ length: 12 }, () => get(over, '/info')),
    )
    const answers = await Promise.all(calls)
    expect(answers.every((text) => text.includes('ServerVersion'))).toBe(true)
    // sshd numbers its sessions; one that has just been closed may hold its number a moment longer.
    const numbers = [...server.log().matchAll(/session_new: session (\d+)/g)].map(([, n]) =>
      Number(n),
    )
    expect(numbers.length).toBeGreaterThan(4)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(4)
  })

  it('to ports: the option is named, in the status and in the error', async () => {
    const { host } = await connected(['AllowTcpForwarding no'])
    const status = await statusWhere(host, ({ state }) => state === 'degraded')
    expect(status.limits.join()).toContain('AllowTcpForwarding')
    await expect(host.forward(5432)).rejects.toMatchObject({
      code: 'forwarding_denied',
      hint: expect.stringContaining('AllowTcpForwarding') as string,
    })
  })
})

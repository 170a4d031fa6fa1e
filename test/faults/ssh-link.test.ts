import { request } from 'node:http'
import type { Agent } from 'node:http'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Writable } from 'node:stream'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import {
  byKey,
  get,
  makeConnector,
  startServer,
  startTestProxy,
  statusWhere,
  trust,
} from '../integration/ssh-connector.ts'

const dockerSocket = () => inject('lab').hosts[0]?.dockerSocket ?? ''

async function connected(settings: readonly string[] = []) {
  const server = await startServer(dockerSocket(), { settings })
  const proxy = await startTestProxy(server.port)
  const subject = makeConnector()
  const connection = byKey(proxy.port, server.file('id'))
  await trust(subject.connector, connection)
  const opened = subject.open(connection)
  await opened.host.ready(AbortSignal.timeout(20_000))
  await statusWhere(opened.host, ({ state }) => state === 'ready')
  return { server, proxy, connection, ...subject, ...opened }
}

/** Docker's event stream, which says nothing and does not end. */
function events(agent: Agent): Promise<{ ended: Promise<unknown> }> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, host: 'docker', path: '/events' }, (answer) => {
      const sink = new Writable({ write: (_chunk, _encoding, done) => done() })
      resolve({
        ended: pipeline(answer, sink).then(
          () => 'a clean end',
          (error: unknown) => error,
        ),
      })
    })
    call.on('error', reject)
    call.end()
  })
}

/** A port behind the host that sends without end. */
async function fountain(): Promise<number> {
  const server = createServer((socket) => {
    const timer = setInterval(() => socket.write(Buffer.alloc(1000)), 5)
    socket.on('close', () => clearInterval(timer)).on('error', () => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const drain = (stream: Duplex) =>
  pipeline(stream, new Writable({ write: (_c, _e, done) => done() })).then(
    () => 'a clean end',
    (error: unknown) => error,
  )

describe('a link that is cut', () => {
  // ssh2 by itself ends every channel like a file that was read to its end.
  it('ends streams and programs with an error, never like a clean end', async () => {
    const { host, proxy, streamAgent } = await connected()
    const forwarded = drain(await host.forward(await fountain()))
    const listening = await events(streamAgent)
    const running = host.exec(['sleep', '60'])
    await new Promise((resolve) => setTimeout(resolve, 300))
    proxy.cut()
    expect(await forwarded).toMatchObject({ code: 'host_lost' })
    expect(await listening.ended).toBeInstanceOf(Error)
    await expect(running).rejects.toMatchObject({ code: 'host_lost' })
  })

  it('comes back by itself, and what was asked meanwhile goes on', async () => {
    const { host, agent, proxy } = await connected()
    const docker = host.docker()
    proxy.cut()
    await statusWhere(host, ({ state }) => state === 'connecting')
    const waiting = [get(agent, '/_ping'), host.exec(['echo', 'on'])] as const
    expect(await waiting[0]).toBe('OK')
    expect((await waiting[1]).stdout).toBe('on\n')
    await statusWhere(host, ({ state }) => state === 'ready')
    expect(host.docker()).toBe(docker)
  })

  it('fails fast while the host stays away, and connects once it is back', async () => {
    const { host, agent, proxy } = await connected()
    proxy.refuse(true)
    proxy.cut()
    const lost = await statusWhere(host, ({ state }) => state === 'lost')
    expect(lost.error?.code).toBe('host_unreachable')
    expect(lost.nextTry).not.toBeNull()
    const before = performance.now()
    await expect(get(agent, '/_ping')).rejects.toMatchObject({ code: 'host_unreachable' })
    await expect(host.exec(['true'])).rejects.toMatchObject({ code: 'host_unreachable' })
    await expect(host.forward(1)).rejects.toMatchObject({ code: 'host_unreachable' })
    expect(performance.now() - before).toBeLessThan(100)
    const ready = host.ready(AbortSignal.timeout(60_000))
    proxy.refuse(false)
    host.reconnect()
    await ready
    expect(await get(agent, '/_ping')).toBe('OK')
  })
})

it('notices a half-open link within 15 seconds', { timeout: 60_000 }, async () => {
  const { host, proxy } = await connected()
  const forwarded = drain(await host.forward(await fountain()))
  proxy.refuse(true)
  proxy.stall()
  const before = performance.now()
  expect(await forwarded).toMatchObject({ code: 'host_lost' })
  expect(performance.now() - before).toBeLessThan(15_000)
  await statusWhere(host, ({ state }) => state === 'lost')
})

describe('host keys', () => {
  it('that changed block everything and show both fingerprints', async () => {
    const { server, proxy, host, agent, connector, connection, home } = await connected()
    const pinned = readFileSync(join(home, 'known_hosts'), 'utf8')
    await server.restart({ hostKeys: ['other', 'rsa'] })
    const tries = server.log().match(/Accepted publickey/g)?.length
    proxy.cut()
    const status = await statusWhere(host, ({ state }) => state === 'key-changed')
    expect(status.nextTry).toBeNull()
    const facts = status.error?.facts
    expect(status.error?.code).toBe('host_key_changed')
    expect(facts?.['pinned']).toMatch(/^SHA256:/)
    expect(facts?.['shown']).toMatch(/^SHA256:/)
    expect(facts?.['shown']).not.toBe(facts?.['pinned'])
    await expect(get(agent, '/_ping')).rejects.toMatchObject({ code: 'host_key_changed' })
    await expect(host.ready()).rejects.toMatchObject({ code: 'host_key_changed' })
    const check = await connector.check({
      checkId: 'x',
      connection,
      acceptHostKey: facts?.['shown'],
    })
    expect(check.steps[2]).toMatchObject({ state: 'failed', error: { code: 'host_key_changed' } })
    expect(readFileSync(join(home, 'known_hosts'), 'utf8')).toBe(pinned)
    expect(server.log().match(/Accepted publickey/g)?.length).toBe(tries)

    // The deliberate way: the key with that fingerprint takes the other's place.
    const shown = { fingerprint: facts?.['shown'] ?? '', type: facts?.['type'] ?? '' }
    await connector.trustHostKey(connection, shown, true)
    host.reconnect()
    await host.ready(AbortSignal.timeout(20_000))
  })

  it('are not false alarm where a server known by RSA has an ED25519 key as well', async () => {
    const server = await startServer(dockerSocket(), { hostKeys: ['rsa'] })
    const { connector } = makeConnector()
    const connection = byKey(server.port, server.file('id'))
    const first = await trust(connector, connection)
    expect(first.unknownKey?.type).toBe('ssh-rsa')
    await server.restart({ hostKeys: ['ed25519', 'rsa'] })
    expect((await connector.check({ checkId: 'x', connection })).ok).toBe(true)
  })

  it('known to the user’s own known_hosts need no question; a revoked one is refused', async () => {
    const server = await startServer(dockerSocket())
    const { connector, home } = makeConnector()
    const connection = byKey(server.port, server.file('id'))
    const [type, key] = readFileSync(server.file('host_ed25519.pub'), 'utf8').split(' ')
    const file = join(home, '.ssh', 'known_hosts')
    writeFileSync(file, `[127.0.0.1]:${server.port} ${type} ${key}\n`)
    expect((await connector.check({ checkId: 'x', connection })).ok).toBe(true)
    writeFileSync(file, `@revoked * ${type} ${key}\n`)
    const check = await connector.check({ checkId: 'x', connection })
    expect(check.steps[2]).toMatchObject({ state: 'failed', error: { code: 'host_key_revoked' } })
    expect(readFileSync(file, 'utf8')).toContain('@revoked')
  })

  it('are pinned only under the fingerprint that was accepted', async () => {
    const server = await startServer(dockerSocket())
    const { connector } = makeConnector()
    const key = { fingerprint: `SHA256:${'A'.repeat(43)}`, type: 'ssh-ed25519' }
    await expect(
      connector.trustHostKey(byKey(server.port, server.file('id')), key, true),
    ).rejects.toMatchObject({ code: 'host_key_unknown' })
  })
})

it('does not try a refused login again by itself', async () => {
  const { server, proxy, host } = await connected()
  writeFileSync(server.file('authorized_keys'), '')
  proxy.cut()
  const status = await statusWhere(host, ({ state }) => state === 'refused')
  expect(status).toMatchObject({ nextTry: null, error: { code: 'login_refused' } })
  const tries = () => server.log().match(/Connection (?:closed|reset)/g)?.length ?? 0
  const before = tries()
  await new Promise((resolve) => setTimeout(resolve, 2_500))
  expect(tries()).toBe(before)
  writeFileSync(server.file('authorized_keys'), readFileSync(server.file('id.pub')))
  host.reconnect()
  await host.ready(AbortSignal.timeout(20_000))
})

it('waits as one: calls at once during a reconnect make one connection', async () => {
  const { host, agent, proxy } = await connected()
  proxy.cut()
  await statusWhere(host, ({ state }) => state === 'connecting')
  await Promise.all(Array.from({ length: 20 }, () => get(agent, '/_ping')))
  expect(proxy.open).toBe(1)
})

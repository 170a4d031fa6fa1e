import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import type { HostCheck, HostConnection } from '../../shared/contract/hosts.ts'
import { certificateServer, sessionsOf } from './certificate-server.ts'
import { startKerberosRealm } from './kerberos-realm.ts'
import {
  byKey,
  get,
  makeConnector,
  startServer,
  startTestProxy,
  statusWhere,
  trust,
} from './ssh-connector.ts'
import { expectCarried } from './ssh-carried.ts'
import { folders, programsOf } from './ssh-programs.ts'
import type { Subject } from './ssh-connector.ts'

const dockerSocket = () => inject('lab').hosts[0]?.dockerSocket ?? ''

describe('a certificate, which ssh2 cannot use', { timeout: 60_000 }, () => {
  it('is taken to the server by the system’s ssh, and the check says so', async () => {
    const { server, key } = await certificateServer(dockerSocket())
    const { connector } = makeConnector()
    const connection = byKey(server.port, key)
    await trust(connector, connection)
    const check = await connector.check({ checkId: 'x', connection })
    expect(check.steps.find(({ state }) => state === 'failed')).toBeUndefined()
    expect(check.steps.find(({ name }) => name === 'login')?.fact).toBe(
      `by the system’s ssh: certificate ${key}-cert.pub`,
    )
    expect(server.log()).toContain('Accepted publickey for root')
    expect(server.log()).toContain('ED25519-CERT')
  })

  it('carries Docker, commands and ports, and leaves nothing when closed', async () => {
    const before = folders()
    const { server, key } = await certificateServer(dockerSocket())
    const { connector, open } = makeConnector()
    const connection = byKey(server.port, key)
    await trust(connector, connection)
    const { host, agent } = open(connection)
    const status = await statusWhere(host, ({ state }) => state === 'ready')
    expect(status.transport).toBe('stream-local')
    expect(status.systemSsh).toBe(`certificate ${key}-cert.pub`)
    expect(status.limits).toEqual([])
    const mine = folders().filter((name) => !before.includes(name))
    expect(mine.flatMap(programsOf)).toHaveLength(1)

    await expectCarried(host, agent)

    const echo = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1')
    await once(echo, 'listening')
    onTestFinished(() => void echo.close())
    expect(await text(await host.forward((echo.address() as AddressInfo).port))).toBe('hello')
    await expect(host.forward(1)).rejects.toMatchObject({ code: 'engine_not_ready' })

    await host.close()
    expect(folders().filter((name) => mine.includes(name))).toEqual([])
    await expect.poll(() => mine.flatMap(programsOf)).toEqual([])
  })

  it('comes back after the link was cut; a stream that was cut ends with an error', async () => {
    const { server, key } = await certificateServer(dockerSocket(), ['LogLevel VERBOSE'])
    const proxy = await startTestProxy(server.port)
    const { connector, open } = makeConnector()
    const connection = byKey(proxy.port, key)
    await trust(connector, connection)
    const { host, agent } = open(connection)
    await statusWhere(host, ({ state }) => state === 'ready')
    // What a guard such as fail2ban counts: ssh2's try without the certificate, and no other ever.
    const refused = () => server.log().match(/Failed publickey|closed by authenticating/g)?.length
    const before = refused()
    expect(before).toBeGreaterThan(0)
    const stream = await host.stream(['sleep', '30'])
    const ended = text(stream).catch((error: unknown) => error)
    const running = host.exec(['sleep', '30'])
    proxy.cut()
    expect(await ended).toMatchObject({ code: 'host_lost' })
    await expect(running).rejects.toMatchObject({ code: 'host_lost' })
    await statusWhere(host, ({ state }) => state === 'ready')
    expect(await get(agent, '/_ping')).toBe('OK')
    expect(refused()).toBe(before)
  })

  it('that no longer counts is told, and the next way in is found', async () => {
    const { server, key } = await certificateServer(dockerSocket())
    const { connector, open } = makeConnector()
    const connection = byKey(server.port, key)
    await trust(connector, connection)
    const { host } = open(connection)
    await statusWhere(host, ({ state }) => state === 'ready')
    await server.restart({ settings: [] })
    for (const pid of sessionsOf(server)) process.kill(pid)
    const { error } = await statusWhere(host, ({ state }) => state === 'refused')
    expect(error?.code).toBe('login_refused')
    appendFileSync(server.file('authorized_keys'), readFileSync(`${key}.pub`))
    host.reconnect()
    const { systemSsh } = await statusWhere(host, ({ state }) => state === 'ready')
    expect(systemSsh).toBeNull()
  })

  it('shares a server’s few sessions with all who need one', async () => {
    const { server, key } = await certificateServer(dockerSocket(), [
      'MaxSessions 2',
      'AllowStreamLocalForwarding no',
    ])
    const { connector, open } = makeConnector()
    const connection = byKey(server.port, key)
    await trust(connector, connection)
    const { host, agent } = open(connection)
    const status = await statusWhere(host, ({ state }) => state === 'ready')
    expect(status.transport).toBe('dial-stdio')
    const commands = Array.from({ length: 4 }, async (_, i) => {
      const { stdout } = await host.exec(['echo', String(i)])
      return stdout
    })
    const calls = Array.from({ length: 4 }, () => get(agent, '/_ping'))
    expect(await Promise.all(commands)).toEqual(['0\n', '1\n', '2\n', '3\n'])
    expect(new Set(await Promise.all(calls))).toEqual(new Set(['OK']))
  })

  it('is not even shown to a server whose key has changed', async () => {
    const { server, key } = await certificateServer(dockerSocket())
    const { connector } = makeConnector()
    const connection = byKey(server.port, key)
    await trust(connector, connection)
    await server.restart({ hostKeys: ['other'] })
    const logins = () => server.log().split('Accepted publickey').length
    const before = logins()
    const check = await connector.check({ checkId: 'x', connection })
    const failed = check.steps.find(({ state }) => state === 'failed')
    expect(failed).toMatchObject({ name: 'host-key', error: { code: 'host_key_changed' } })
    const { pinned, shown } = failed?.error?.facts ?? {}
    expect(pinned).toMatch(/^SHA256:/)
    expect(shown).toMatch(/^SHA256:/)
    expect(shown).not.toBe(pinned)
    expect(logins()).toBe(before)
  })

  it('that ssh config names alone, behind a jump host', async () => {
    const jump = await startServer(dockerSocket())
    const { server, key } = await certificateServer(dockerSocket())
    const { connector, home } = makeConnector()
    const certificate = join(home, 'vouched.pub')
    writeFileSync(certificate, readFileSync(`${key}-cert.pub`))
    writeFileSync(join(home, 'plain'), readFileSync(key), { mode: 0o600 })
    mkdirSync(join(home, '.ssh'), { recursive: true })
    appendFileSync(
      join(home, '.ssh', 'config'),
      `Host jump\n HostName 127.0.0.1\n Port ${jump.port}\n User root\n IdentityFile ${jump.file('id')}
Host inner\n HostName 127.0.0.1\n Port ${server.port}\n User root\n ProxyJump jump
Match originalhost inner\n IdentityFile ${join(home, 'plain')}\n CertificateFile ${certificate}\n`,
    )
    const connection: HostConnection = { kind: 'ssh-config', alias: 'inner' }
    await trust(connector, connection)
    await trust(connector, connection)
    const check = await connector.check({ checkId: 'x', connection })
    expect(check.steps.find(({ state }) => state === 'failed')).toBeUndefined()
    expect(check.steps.find(({ name }) => name === 'login')?.fact).toContain(certificate)
  })

  it('that only the jump host wants is told of that one by its name', async () => {
    const inner = await startServer(dockerSocket())
    const { server: jump, key } = await certificateServer(dockerSocket())
    const { connector, home, open } = makeConnector()
    mkdirSync(join(home, '.ssh'), { recursive: true })
    appendFileSync(
      join(home, '.ssh', 'config'),
      `Host jump\n HostName 127.0.0.1\n Port ${jump.port}\n User root\n IdentityFile ${key}
Host inner\n HostName 127.0.0.1\n Port ${inner.port}\n User root\n ProxyJump jump\n IdentityFile ${inner.file('id')}\n`,
    )
    const connection: HostConnection = { kind: 'ssh-config', alias: 'inner' }
    await trust(connector, connection)
    await trust(connector, connection)
    const { host } = open(connection)
    expect(await statusWhere(host, ({ state }) => state === 'ready')).toMatchObject({
      systemSsh: null,
      systemSshJumps: [{ host: 'jump', why: `certificate ${key}-cert.pub` }],
    })
  })
})

describe('a security key (FIDO), which ssh2 cannot use', { timeout: 60_000 }, () => {
  /** OpenSSH's own stand-in for a device that is plugged in, which its tests use. */
  const device = '/usr/lib/openssh/regress/misc/sk-dummy/sk-dummy.so'

  /** A server that takes such a key alone, and what ssh config says of it. */
  async function keyServer(type: 'ed25519-sk' | 'ecdsa-sk') {
    const server = await startServer(dockerSocket())
    const key = server.file('id_device')
    execFileSync('ssh-keygen', ['-q', '-t', type, '-w', device, '-N', '', '-f', key])
    writeFileSync(server.file('authorized_keys'), readFileSync(`${key}.pub`))
    const config = `Host vault\n HostName 127.0.0.1\n Port ${server.port}\n User root\n IdentityFile ${key}\n`
    return { server, key, config }
  }

  /** Pins the server's key, then checks again, and keeps all that is told meanwhile of the login. */
  async function checkLogin({ connector, home }: Subject, config: string) {
    mkdirSync(join(home, '.ssh'), { recursive: true })
    appendFileSync(join(home, '.ssh', 'config'), config)
    await trust(connector, vault)
    const told: (string | null | undefined)[] = []
    const loginOf = ({ steps }: HostCheck) => steps.find(({ name }) => name === 'login')
    const check = await connector.check({
      checkId: 'x',
      connection: vault,
      onProgress: (progress) => void told.push(loginOf(progress)?.fact),
    })
    return { login: loginOf(check), told, ok: check.ok }
  }
  const vault: HostConnection = { kind: 'ssh-config', alias: 'vault' }

  it.each(['ed25519-sk', 'ecdsa-sk'] as const)('logs in by the system’s ssh (%s)', async (type) => {
    const { server, key, config } = await keyServer(type)
    const subject = makeConnector()
    const check = await checkLogin(subject, `${config} SecurityKeyProvider ${device}\n`)
    expect(check.told).toContain('Touch your security key')
    expect(check.login?.fact).toBe(`by the system’s ssh: security key ${key}`)
    expect(check.ok).toBe(true)
    expect(server.log()).toMatch(new RegExp(`Accepted publickey for root .* ${type}`, 'i'))
    const { host, agent } = subject.open(vault)
    await statusWhere(host, ({ touch }) => touch)
    expect(await statusWhere(host, ({ state }) => state === 'ready')).toMatchObject({
      systemSsh: `security key ${key}`,
      touch: false,
    })
    expect(await get(agent, '/_ping')).toBe('OK')
  })

  it('that is not plugged in is asked for', async () => {
    const { config } = await keyServer('ed25519-sk')
    const { login } = await checkLogin(makeConnector(), config)
    expect(login).toMatchObject({
      state: 'failed',
      fact: null,
      error: { code: 'login_refused', message: 'Your security key did not answer.' },
    })
    expect(login?.error?.detail).toContain('device not found')
  })
})

describe('a Kerberos ticket, which ssh2 cannot use', { timeout: 60_000 }, () => {
  it('is taken to a server for which ssh config allows it; without one the login fails', async () => {
    const realm = await startKerberosRealm()
    const server = await startServer(dockerSocket(), {
      settings: [
        'GSSAPIAuthentication yes',
        // Its key is that of `localhost`, whatever this machine is called.
        'GSSAPIStrictAcceptorCheck no',
        'PubkeyAuthentication no',
      ],
    })
    const { connector, home, open } = makeConnector()
    mkdirSync(join(home, '.ssh'), { recursive: true })
    appendFileSync(
      join(home, '.ssh', 'config'),
      `Host office\n HostName localhost\n Port ${server.port}\n User root\n GSSAPIAuthentication yes\n`,
    )
    const connection: HostConnection = { kind: 'ssh-config', alias: 'office' }
    await trust(connector, connection)
    const without = await connector.check({ checkId: 'without', connection })
    const refused = without.steps.find(({ name }) => name === 'login')
    expect(refused).toMatchObject({ state: 'failed', error: { code: 'login_refused' } })
    expect(refused?.error?.hint).toContain('kinit')

    realm.login()
    const check = await connector.check({ checkId: 'with', connection })
    expect(check.steps.find(({ state }) => state === 'failed')).toBeUndefined()
    expect(check.steps.find(({ name }) => name === 'login')?.fact).toBe(
      'by the system’s ssh: GSSAPI',
    )
    expect(server.log()).toContain('Accepted gssapi-with-mic for root')
    const { host, agent } = open(connection)
    expect(await statusWhere(host, ({ state }) => state === 'ready')).toMatchObject({
      systemSsh: 'GSSAPI',
    })
    expect(await get(agent, '/_ping')).toBe('OK')
    realm.logout()
  })
})

describe('a server that only does what ssh2 cannot', { timeout: 60_000 }, () => {
  it('is asked for its key, and reached, by the system’s ssh', async () => {
    const server = await startServer(dockerSocket(), {
      settings: ['KexAlgorithms sntrup761x25519-sha512@openssh.com'],
    })
    const { connector } = makeConnector()
    const connection = byKey(server.port, server.file('id'))
    const first = await trust(connector, connection)
    const printed = execFileSync('ssh-keygen', ['-lf', server.file('host_ed25519.pub')]).toString()
    expect(printed).toContain(first.unknownKey?.fingerprint)
    const check = await connector.check({ checkId: 'x', connection })
    expect(check.ok).toBe(true)
    await server.restart({ hostKeys: ['other'] })
    const changed = await connector.check({ checkId: 'x', connection })
    expect(changed.steps.find(({ state }) => state === 'failed')?.error?.code).toBe(
      'host_key_changed',
    )
  })
})

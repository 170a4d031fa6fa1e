import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { checkSteps } from '../../shared/contract/hosts.ts'
import type { HostConnection } from '../../shared/contract/hosts.ts'
import { QuaysideError } from '../../shared/errors.ts'
import { byKey, makeConnector, startServer, startTestProxy, trust } from './ssh-connector.ts'
import { passphrase, password } from './ssh-server.ts'
import type { SshServer } from './ssh-server.ts'

const dockerSocket = () => inject('lab').hosts[0]?.dockerSocket ?? ''

async function checked(
  server: SshServer,
  connection: HostConnection,
  secret?: string,
  env: Record<string, string> = {},
) {
  const { connector } = makeConnector({ env })
  await trust(connector, byKey(server.port, server.file('id')))
  return await connector.check({ checkId: 'x', connection, secret })
}

const failure = (check: Awaited<ReturnType<typeof checked>>) =>
  check.steps.find(({ state }) => state === 'failed')

describe('the steps of a check', () => {
  it('stop at an unknown key, before anything is sent, and go on once it is accepted', async () => {
    const server = await startServer(dockerSocket())
    const { connector, home } = makeConnector()
    const connection = byKey(server.port, server.file('id'))
    const seen: string[] = []
    const first = await connector.check({
      checkId: 'x',
      connection,
      onProgress: ({ steps }) => seen.push(steps.map(({ state }) => state).join()),
    })
    expect(first.ok).toBe(false)
    expect(first.steps.map(({ name }) => name)).toEqual(checkSteps)
    expect(first.steps.map(({ state }) => state).slice(0, 4)).toEqual([
      'done',
      'done',
      'question',
      'waiting',
    ])
    expect(first.steps[1]).toMatchObject({
      title: `Reach port ${server.port}`,
      fact: expect.stringMatching(/^OpenSSH /) as string,
    })
    expect(seen[0]).toMatch(/^running,waiting/)
    expect(server.log()).not.toContain('Accepted publickey')
    const printed = execFileSync('ssh-keygen', ['-lf', server.file('host_ed25519.pub')]).toString()
    expect(printed).toContain(first.unknownKey?.fingerprint)

    const wrong = await connector.check({
      checkId: 'x',
      connection,
      acceptHostKey: `SHA256:${'A'.repeat(43)}`,
    })
    expect(failure(wrong)).toMatchObject({ name: 'host-key', error: { code: 'host_key_unknown' } })

    const second = await connector.check({
      checkId: 'x',
      connection,
      acceptHostKey: first.unknownKey?.fingerprint,
    })
    expect(second.steps.map(({ state }) => state)).toEqual(checkSteps.map(() => 'done'))
    expect(second.ok).toBe(true)
    expect(second.steps.every(({ ms }) => ms !== null)).toBe(true)
    expect(statSync(join(home, 'known_hosts')).mode & 0o777).toBe(0o600)
    expect((await connector.check({ checkId: 'x', connection })).ok).toBe(true)
  })

  it('name an address that nobody knows, a closed port and a port that is not SSH', async () => {
    const { connector } = makeConnector()
    const check = (connection: HostConnection) => connector.check({ checkId: 'x', connection })
    const nowhere = { ...byKey(22, '/none'), address: 'no-such-host.invalid' }
    expect(failure(await check(nowhere))).toMatchObject({
      name: 'address',
      error: { code: 'address_unknown', field: 'connection.address' },
    })
    const closed = failure(await check(byKey(1, '/none')))
    expect(closed).toMatchObject({
      name: 'port',
      error: { code: 'host_unreachable', field: 'connection.port' },
    })
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    web.listen(0, '127.0.0.1')
    await once(web, 'listening')
    onTestFinished(() => void web.close())
    const odd = await check(byKey((web.address() as AddressInfo).port, '/none'))
    expect(failure(odd)).toMatchObject({ name: 'port', error: { code: 'host_unreachable' } })
    expect(odd.steps.slice(2).every(({ state }) => state === 'not-run')).toBe(true)
  })

  it('end when the check is aborted', async () => {
    const server = await startServer(dockerSocket())
    const proxy = await startTestProxy(server.port)
    const { connector } = makeConnector()
    const abort = new AbortController()
    const connection = byKey(proxy.port, server.file('id'))
    const checking = connector.check({
      checkId: 'x',
      connection,
      signal: abort.signal,
      onProgress: () => setTimeout(() => abort.abort(), 5),
    })
    await expect(checking).rejects.toMatchObject({ name: 'AbortError' })
    await expect.poll(() => proxy.open).toBe(0)
  })
})

describe('a login', () => {
  it('by an encrypted key needs its passphrase', async () => {
    const server = await startServer(dockerSocket())
    const connection = byKey(server.port, server.file('id_locked'))
    expect((await checked(server, connection, passphrase)).ok).toBe(true)
    expect(failure(await checked(server, connection))?.error).toMatchObject({
      code: 'passphrase_needed',
      field: 'secret',
    })
    expect(failure(await checked(server, connection, 'wrong'))?.error).toMatchObject({
      code: 'passphrase_wrong',
      field: 'secret',
    })
  })

  it('by a key needs no keychain, unless the key is locked', async () => {
    const server = await startServer(dockerSocket())
    const unread = new QuaysideError('keychain_unavailable', 'There is no keychain.')
    const { connector, open } = makeConnector({ unread })
    const connection = byKey(server.port, server.file('id'))
    await trust(connector, connection)
    await open(connection).host.ready(AbortSignal.timeout(20_000))
    const { host } = open(byKey(server.port, server.file('id_locked')))
    await expect(host.ready()).rejects.toMatchObject({ code: 'keychain_unavailable' })
    const locked = { checkId: 'x', connection: byKey(server.port, server.file('id_locked')) }
    expect(failure(await connector.check({ ...locked, unread }))).toMatchObject({
      name: 'login',
      error: { code: 'keychain_unavailable' },
    })
  })

  it('by a key that the server does not know is refused, with what it allows', async () => {
    const server = await startServer(dockerSocket(), { settings: ['PasswordAuthentication no'] })
    const failed = failure(await checked(server, byKey(server.port, server.file('stranger'))))
    expect(failed).toMatchObject({ name: 'login', error: { code: 'login_refused' } })
    expect(failed?.error?.hint).toContain('publickey')
  })

  it.each([
    ['password', ['PasswordAuthentication yes', 'KbdInteractiveAuthentication no']],
    ['no password', ['PasswordAuthentication no', 'KbdInteractiveAuthentication no']],
  ])('by password where the server allows %s', async (_name, settings) => {
    const server = await startServer(dockerSocket(), { settings })
    const connection: HostConnection = {
      kind: 'ssh',
      address: '127.0.0.1',
      port: server.port,
      user: 'root',
      login: { kind: 'password' },
    }
    const right = await checked(server, connection, password)
    if (settings[0] === 'PasswordAuthentication yes') {
      expect(right.ok).toBe(true)
      expect(failure(await checked(server, connection, 'wrong'))?.error).toMatchObject({
        code: 'login_refused',
        field: 'secret',
      })
    } else expect(failure(right)?.error?.code).toBe('login_refused')
  })

  it('by agent, and without one', async () => {
    const server = await startServer(dockerSocket())
    const socket = server.file('agent.sock')
    const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
    onTestFinished(() => void agent.kill())
    await expect.poll(() => statSync(socket, { throwIfNoEntry: false })?.isSocket()).toBe(true)
    const env = { SSH_AUTH_SOCK: socket }
    const connection: HostConnection = {
      kind: 'ssh',
      address: '127.0.0.1',
      port: server.port,
      user: 'root',
      login: { kind: 'agent' },
    }
    expect(failure(await checked(server, connection, undefined, env))?.error).toMatchObject({
      code: 'agent_unavailable',
      message: 'The SSH agent holds no key.',
    })
    execFileSync('ssh-add', ['-q', server.file('id')], { env: { ...process.env, ...env } })
    expect((await checked(server, connection, undefined, env)).ok).toBe(true)
    const { connector } = makeConnector({ env })
    expect((await connector.suggestions()).agent).toEqual({ keys: 1 })
    expect(failure(await checked(server, connection))?.error?.code).toBe('agent_unavailable')
  })

  it('that needs a second step is named as such', async () => {
    const server = await startServer(dockerSocket(), {
      settings: ['AuthenticationMethods publickey,password'],
    })
    const failed = failure(await checked(server, byKey(server.port, server.file('id'))))
    expect(failed?.error).toMatchObject({ code: 'login_unsupported' })
  })

  it('to a server without a common cipher or key exchange says what is missing', async () => {
    for (const [setting, words] of [
      ['KexAlgorithms diffie-hellman-group1-sha1', 'key exchange'],
      ['MACs umac-64@openssh.com\nCiphers aes256-cbc', 'cipher'],
    ] as const) {
      const server = await startServer(dockerSocket(), { settings: [setting] })
      const { connector } = makeConnector()
      const check = await connector.check({
        checkId: 'x',
        connection: byKey(server.port, server.file('id')),
      })
      expect(failure(check)?.error).toMatchObject({
        code: 'login_unsupported',
        message: expect.stringContaining(words) as string,
      })
    }
  })
})

describe('names from ssh config', () => {
  const writeConfig = (home: string, text: string) => {
    mkdirSync(join(home, '.ssh'), { recursive: true })
    writeFileSync(join(home, '.ssh', 'config'), text)
  }
  const named = (alias: string): HostConnection => ({ kind: 'ssh-config', alias })

  it('lead through a jump host, whose key is asked for as well', async () => {
    const [jump, target] = [await startServer(dockerSocket()), await startServer(dockerSocket())]
    const { connector, home, open } = makeConnector()
    const host = (name: string, server: SshServer, more = '') =>
      `Host ${name}\n HostName 127.0.0.1\n Port ${server.port}\n User root\n IdentityFile ${server.file('id')}\n${more}`
    writeConfig(home, host('jump', jump) + host('target', target, ' ProxyJump jump\n'))
    const first = await connector.check({ checkId: 'x', connection: named('target') })
    expect(execFileSync('ssh-keygen', ['-lf', jump.file('host_ed25519.pub')]).toString()).toContain(
      first.unknownKey?.fingerprint,
    )
    await trust(connector, named('target'))
    const second = await trust(connector, named('target'))
    expect(
      execFileSync('ssh-keygen', ['-lf', target.file('host_ed25519.pub')]).toString(),
    ).toContain(second.unknownKey?.fingerprint)
    expect((await connector.check({ checkId: 'x', connection: named('target') })).ok).toBe(true)
    const { host: opened } = open(named('target'))
    await opened.ready(AbortSignal.timeout(20_000))
    expect((await opened.exec(['echo', 'here'])).stdout).toBe('here\n')
    expect((await connector.suggestions()).sshConfig).toEqual([
      { alias: 'jump', address: '127.0.0.1', port: jump.port, user: 'root' },
      { alias: 'target', address: '127.0.0.1', port: target.port, user: 'root' },
    ])
  })

  it('lead through a ProxyCommand, which ends with the connection', async () => {
    const server = await startServer(dockerSocket())
    const { connector, home } = makeConnector()
    const pid = join(home, 'pid')
    const relay = `${process.execPath} -e 'require("fs").writeFileSync("${pid}",String(process.pid));const s=require("net").connect(${server.port});process.stdin.pipe(s).pipe(process.stdout)'`
    writeConfig(
      home,
      `Host far\n HostName far.invalid\n HostKeyAlias far\n User root\n IdentityFile ${server.file('id')}\n ProxyCommand ${relay}\n`,
    )
    await trust(connector, named('far'))
    expect(readFileSync(join(home, 'known_hosts'), 'utf8')).toMatch(/^far ssh-ed25519 /)
    expect((await connector.check({ checkId: 'x', connection: named('far') })).ok).toBe(true)
    const alive = () => {
      try {
        return process.kill(Number(readFileSync(pid, 'utf8')), 0)
      } catch {
        return false
      }
    }
    await expect.poll(alive, { timeout: 5_000 }).toBe(false)
  })
})

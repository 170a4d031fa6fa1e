import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expandTokens, findRoute } from './route.ts'
import { createSshConfig } from './ssh-config.ts'

let homeDir = ''
let path: string | undefined
beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'quayside-home-'))
  path = process.env['PATH']
})
afterEach(() => {
  process.env['PATH'] = path
  rmSync(homeDir, { recursive: true })
})

function write(name: string, text: string): void {
  const file = join(homeDir, '.ssh', name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}
const route = (alias: string, env: Record<string, string> = {}) =>
  findRoute({ kind: 'ssh-config', alias }, null, {
    homeDir,
    env,
    config: createSshConfig({ homeDir }),
  })

const config = `
Include more/*.conf
Host plain
  HostName 192.0.2.1
  User deploy
  Port 2200
  IdentityFile ~/.ssh/one
  IdentityFile %d/keys/two
  IdentityAgent ~/agent.sock
  IdentitiesOnly yes
  HostKeyAlias real.example
Host *
  User everyone
`

// The same by OpenSSH and, where it isn't installed (an empty PATH), by the parser.
describe.each(['ssh -G', 'the parser'])('ssh config read by %s', (reader) => {
  beforeEach(() => {
    if (reader === 'the parser') process.env['PATH'] = join(homeDir, 'no-programs')
  })

  it('keeps files of known hosts whole whose paths have blanks', async () => {
    homeDir = join(homeDir, 'Ada L')
    const file = join(homeDir, '.ssh/known_hosts')
    write('config', `Host blank\n  UserKnownHostsFile "${file}"\n`)
    const [target] = await route('blank')
    expect(target.knownHostsFiles[0]).toBe(file)
    homeDir = join(homeDir, '..')
  })

  it('takes all from the config', async () => {
    write('config', config)
    const [target] = await route('plain')
    expect(target).toMatchObject({
      alias: 'plain',
      host: '192.0.2.1',
      port: 2200,
      user: 'deploy',
      hostKeyAlias: 'real.example',
      proxyCommand: null,
      sshOptions: expect.any(Array) as string[],
      login: {
        agentSocket: join(homeDir, 'agent.sock'),
        identitiesOnly: true,
        keyFiles: [join(homeDir, '.ssh/one'), join(homeDir, 'keys/two')],
      },
    })
    expect(target.knownHostsFiles[0]).toBe(join(homeDir, '.ssh/known_hosts'))
  })

  it('follows Include with wildcards, deep and relative to ~/.ssh', async () => {
    write('config', config)
    write('more/a.conf', 'Host included\n HostName 192.0.2.2\nInclude deeper.conf\n')
    write('deeper.conf', 'Host included\n Port 2022\n')
    const [target] = await route('included')
    expect(target).toMatchObject({ host: '192.0.2.2', port: 2022, user: 'everyone' })
  })

  it('applies an Include below a Host line only there', async () => {
    write('config', 'Host a\n HostName a.example\n Include keys\nHost b\n HostName b.example\n')
    write('keys', 'IdentityFile ~/.ssh/for-a\n')
    expect((await route('a'))[0].login.keyFiles).toEqual([join(homeDir, '.ssh/for-a')])
    expect((await route('b'))[0].login.keyFiles).not.toContain(join(homeDir, '.ssh/for-a'))
  })

  it('expands the tokens of a ProxyCommand', async () => {
    write(
      'config',
      'Host far\n HostName far.example\n User me\n ProxyCommand nc -x "%n" %h %p %r %%\n',
    )
    const [target] = await route('far')
    expect(target.proxyCommand).toBe('nc -x "far" far.example 22 me %')
  })

  it('passes jump hosts in order, each with its own settings', async () => {
    write(
      'config',
      `Host target
  HostName 10.0.0.9
  ProxyJump first,ops@second:2201
Host first
  HostName first.example
  User one
Host second
  HostName second.example
  User two
  Port 9
Host nested
  ProxyJump target
  HostName 10.0.0.10
`,
    )
    const hops = (await route('target')).map(({ user, host, port }) => `${user}@${host}:${port}`)
    expect(hops.slice(0, 2)).toEqual(['one@first.example:22', 'ops@second.example:2201'])
    expect(hops[2]).toContain('@10.0.0.9:22')
    expect((await route('nested')).map(({ host }) => host)).toEqual([
      'first.example',
      'second.example',
      '10.0.0.9',
      '10.0.0.10',
    ])
  })

  it('refuses a circle of jumps', async () => {
    write('config', 'Host a\n HostName x\n ProxyJump b\nHost b\n HostName y\n ProxyJump a\n')
    await expect(route('a')).rejects.toMatchObject({
      code: 'ssh_config_invalid',
      field: 'connection.alias',
    })
  })

  it('refuses a name that is not there', async () => {
    write('config', config)
    await expect(route('nobody')).rejects.toMatchObject({
      code: 'ssh_config_invalid',
      field: 'connection.alias',
    })
  })

  it.each(['-oProxyCommand=x', 'a b', '$(x)', '*'])('never hands “%s” on', async (alias) => {
    write('config', config)
    await expect(route(alias)).rejects.toMatchObject({ code: 'ssh_config_invalid' })
  })
})

it('tells a mistake in the config', async () => {
  write('config', 'Host a\n NoSuchKeyword yes\n')
  await expect(route('a')).rejects.toMatchObject({ code: 'ssh_config_invalid' })
})

it('names the hosts of the config, patterns left out', async () => {
  write('config', 'Host a b *.example !c\nHost=d\nInclude more\n# Host e\n')
  write('more', 'Host f "g"\n')
  const names = await createSshConfig({ homeDir }).aliases()
  expect(names.sort()).toEqual(['a', 'b', 'd', 'f', 'g'])
})

it('never sends the host’s password to a jump host', async () => {
  write('config', 'Host t\n HostName t.example\n ProxyJump j\nHost j\n HostName j.example\n')
  const deps = { homeDir, env: {}, config: createSshConfig({ homeDir }) }
  const hops = await findRoute({ kind: 'ssh-config', alias: 't' }, 'a password', deps)
  expect(hops.map(({ login }) => login.password)).toEqual([false, true])
})

it('needs an agent where the login is by agent', async () => {
  const deps = { homeDir, env: {}, config: createSshConfig({ homeDir }) }
  const connection = {
    kind: 'ssh' as const,
    address: 'a.example',
    port: 22,
    user: 'root',
    login: { kind: 'agent' as const },
  }
  await expect(findRoute(connection, null, deps)).rejects.toMatchObject({
    code: 'agent_unavailable',
  })
})

it('leaves unknown tokens alone', () => {
  expect(expandTokens('%h %% %C', { h: 'host' })).toBe('host % %C')
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CheckStep, HostRequest } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someHost } from '../cli-test-things.ts'

const fingerprint = `SHA256:${'a'.repeat(43)}`
const overSsh = ['host', 'add', 'ams-1', '--address', '203.0.113.7']

/** A core whose host shows a key that is not known yet. */
function strangerCore(seen: HostRequest[]): CoreParts {
  return {
    hosts: {
      list: () => Promise.resolve([]),
      add: (request) => {
        seen.push(request)
        if (request.acceptHostKey === fingerprint) return Promise.resolve(someHost())
        throw new QuaysideError('host_key_unknown', 'Not met before.', {
          facts: { fingerprint, type: 'ssh-ed25519' },
        })
      },
    },
  }
}

describe('host add', () => {
  it('ends with its own code at an unknown key and prints what to add', async () => {
    const { code, stdout, stderr } = await runOn({ core: strangerCore([]) }, ...overSsh)
    expect({ code, stdout }).toEqual({ code: 6, stdout: '' })
    expect(stderr).toContain(`--accept-host-key ${fingerprint}`)
  })

  it('gives a script the fingerprint as a fact', async () => {
    const { stderr } = await runOn({ core: strangerCore([]) }, ...overSsh, '--json')
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'host_key_unknown', facts: { fingerprint, type: 'ssh-ed25519' } },
    })
  })

  it('adds with the key accepted, and answers with the host', async () => {
    const seen: HostRequest[] = []
    const { code, stdout } = await runOn(
      { core: strangerCore(seen) },
      ...[...overSsh, '--user', 'deploy', '--port', '2222', '--key', '/k', '--json'],
      ...['--accept-host-key', fingerprint],
    )
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ name: 'ams-1' })
    expect(seen).toMatchObject([
      { connection: { user: 'deploy', port: 2222, login: { kind: 'key', path: '/k' } } },
    ])
  })

  it.each([
    ['yes\r', 0],
    ['y\r', 6],
    ['\x03', 130],
  ])('asks on a terminal; %j ends with %i', async (stdin, expected) => {
    const bench = { core: strangerCore([]), terminal: true, stdin }
    const { code, stderr } = await runOn(bench, ...overSsh)
    expect(stderr).toContain(fingerprint)
    expect(code).toBe(expected)
  })

  it('asks for a password without showing it', async () => {
    const seen: HostRequest[] = []
    const bench = { core: strangerCore(seen), terminal: true, stdin: 'hunter2\r' }
    const { code, stderr, stdout } = await runOn(
      bench,
      ...[...overSsh, '--password', '--accept-host-key', fingerprint],
    )
    expect(code).toBe(0)
    expect(seen).toMatchObject([{ secret: 'hunter2' }])
    expect(stdout + stderr).not.toContain('hunter2')
  })

  it('reads a password from a file and from standard input', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'quayside-cli-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = join(folder, 'pw')
    await writeFile(file, 'hunter2\n', { mode: 0o600 })
    const seen: HostRequest[] = []
    const core = strangerCore(seen)
    const login = [...overSsh, '--password', '--accept-host-key', fingerprint]
    await runOn({ core }, ...login, '--secret-file', file)
    await runOn({ core, stdin: 'hunter3\n' }, ...login, '--secret-stdin')
    expect(seen.map((request) => request.secret)).toEqual(['hunter2', 'hunter3'])
  })

  it.each([
    [['--address', 'a', '--local'], '--address and --local'],
    [[], 'Say how to reach'],
    [['--address', 'a', '--agent', '--password'], '--agent and --password'],
    [['--ssh-config', 'a', '--user', 'b'], '--user'],
    [['--address', 'ssh://a'], 'without user, port'],
    [['--address', 'a', '--port', '0x16'], 'port'],
    [['--address', 'a', '--user', 'no good'], 'not a user name'],
    [['--address', 'a', '--accept-host-key', 'MD5:12'], 'SHA256'],
    [['--address', 'a', '--password'], 'password of root@a is missing'],
    [['--address', 'a', '--password', '--secret-file', '/nowhere/pw'], 'can’t be read'],
  ])('refuses %j before it does anything', async (argv, reason) => {
    const { code, stderr } = await runOn({}, 'host', 'add', 'ams-1', ...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(reason)
  })

  it('shows the steps of the check as they go by', async () => {
    let tell: Parameters<NonNullable<CoreParts['onEvent']>>[0] = () => undefined
    const step = { name: 'login', title: 'Log in', fact: 'by key', ms: 12, error: null } as const
    const check = { checkId: 'c', unknownKey: null, ok: true }
    const core: CoreParts = {
      onEvent: (listener) => {
        tell = listener
        return () => undefined
      },
      hosts: {
        add: () => {
          const now = (part: Partial<CheckStep>) =>
            tell({
              type: 'host-check',
              check: { ...check, steps: [{ ...step, state: 'running', ...part }] },
            })
          now({ fact: null, ms: null })
          now({ fact: 'Touch your security key', ms: null })
          now({ fact: 'Touch your security key', ms: null })
          now({ state: 'done' })
          return Promise.resolve(someHost())
        },
      },
    }
    const plain = await runOn({ core }, ...overSsh)
    expect(plain.stderr).toBe('Touch your security key\n✓ Log in: by key  12 ms\n')
    const json = await runOn({ core }, ...overSsh, '--json')
    expect(json.stderr).toContain('Touch your security key')
    const last = json.stderr.trim().split('\n').at(-1) ?? ''
    expect(JSON.parse(last)).toMatchObject({ progress: { step: 'login', state: 'done' } })
    const quiet = await runOn({ core }, ...overSsh, '--quiet')
    expect(quiet.stderr).toBe('')
  })
})

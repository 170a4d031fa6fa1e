import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createCommandLine, type CommandLine } from './cli-process.ts'

const lab = inject('lab')
const main = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url))

// Of util-linux, which every Linux has.
const pseudoTerminal = 'script'

/** Runs a command on a terminal of its own and types each answer once its question is there. */
function onTerminal(
  home: string,
  argv: readonly string[],
  answers: readonly (readonly [RegExp, string])[],
): Promise<{ code: number | null; screen: string }> {
  const words = [process.execPath, main, ...argv].map((word) => `'${word}'`).join(' ')
  const child = spawn(pseudoTerminal, ['-qec', words, '/dev/null'], {
    env: { ...process.env, ...lab.env, QUAYSIDE_HOME: home, TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let screen = ''
  const left = [...answers]
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    const next = left[0]
    if (next?.[0].test(screen) !== true) return
    left.shift()
    child.stdin.write(next[1])
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, screen }))
  })
}

describe('on a terminal', () => {
  let quayside: CommandLine
  const [server] = lab.hosts
  if (server === undefined) throw new Error('The lab has no host.')
  const { ssh } = server
  const add = [
    ...['host', 'add', 'lab-1', '--address', ssh.host, '--port', String(ssh.port)],
    ...['--user', ssh.user, '--key', ssh.keyPath],
  ]

  beforeAll(async () => {
    quayside = await createCommandLine(lab.env)
  })
  afterAll(async () => {
    await quayside.remove()
  })

  it('adds nothing when the host key is not accepted', async () => {
    const { code, screen } = await onTerminal(quayside.home, add, [[/Type "yes"/, 'no\r']])
    expect(screen).toContain(ssh.hostKeyFingerprint)
    expect(code).toBe(6)
    expect(await quayside.json('host', 'list')).toEqual([])
  })

  it('ends with 130 at Ctrl-C in a question', async () => {
    const { code } = await onTerminal(quayside.home, add, [[/Type "yes"/, '\x03']])
    expect(code).toBe(130)
  })

  it('adds the host after "yes", showing the steps', async () => {
    const { code, screen } = await onTerminal(quayside.home, add, [[/Type "yes"/, 'yes\r']])
    expect(screen).toContain('Added lab-1.')
    expect(screen).toContain('✓')
    expect(code).toBe(0)
    await quayside.json('host', 'remove', 'lab-1')
  })

  it('does not show a password, not even one typed at once', async () => {
    const login = [...add.slice(0, 7), '--user', 'nobody-here', '--password']
    const accept = ['--accept-host-key', ssh.hostKeyFingerprint]
    const { code, screen } = await onTerminal(
      quayside.home,
      [...login, ...accept],
      [[/Password of nobody-here/, 'not-to-be-seen\r']],
    )
    expect(code).toBe(7)
    expect(screen).not.toContain('not-to-be-seen')
  })
})

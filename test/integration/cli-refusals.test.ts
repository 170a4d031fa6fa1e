import { writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import * as z from 'zod'
import { errorDataSchema } from '../../shared/errors.ts'
import { createCommandLine, type CommandLine, type Outcome } from './cli-process.ts'

const lab = inject('lab')
const [server] = lab.hosts
if (server === undefined) throw new Error('The lab has no host.')
const { ssh } = server
const address = ['--address', ssh.host, '--port', String(ssh.port), '--user', ssh.user]
const key = ['--key', ssh.keyPath, '--accept-host-key', ssh.hostKeyFingerprint]
const otherKey = `SHA256:${'A'.repeat(43)}`

/** The error as a script reads it: the last line on stderr, with nothing on stdout. */
function errorOf({ stdout, stderr }: Outcome): z.output<typeof errorDataSchema> {
  expect(stdout).toBe('')
  const last = stderr.trim().split('\n').at(-1) ?? ''
  return z.object({ error: errorDataSchema }).parse(JSON.parse(last)).error
}

describe('what can’t be done', () => {
  let quayside: CommandLine
  const refused = async (...argv: string[]) => {
    const outcome = await quayside.run(...argv, '--json')
    return { exit: outcome.code, code: errorOf(outcome).code }
  }

  beforeAll(async () => {
    quayside = await createCommandLine(lab.env)
    await writeFile(join(quayside.home, 'no-key'), 'not a key\n', { mode: 0o600 })
    await writeFile(join(quayside.home, 'wrong'), 'wrong password\n', { mode: 0o600 })
    await quayside.json('host', 'add', 'lab-1', ...address, ...key)
  })
  afterAll(async () => {
    await quayside.run('host', 'remove', 'lab-1')
    await quayside.remove()
  })

  it('names a host twice', async () => {
    expect(await refused('host', 'add', 'lab-1', ...address, ...key)).toEqual({
      exit: 4,
      code: 'name_taken',
    })
  })

  it('finds no host of that name', async () => {
    expect(await refused('host', 'check', 'lab-9')).toEqual({ exit: 3, code: 'not_found' })
    expect(await refused('host', 'remove', 'lab-9')).toEqual({ exit: 3, code: 'not_found' })
  })

  it('reaches no such address', async () => {
    const nowhere = ['--address', 'nowhere.invalid', '--key', ssh.keyPath]
    expect(await refused('host', 'add', 'x', ...nowhere)).toEqual({
      exit: 5,
      code: 'address_unknown',
    })
    const closed = ['--address', '127.0.0.1', '--port', String(await closedPort())]
    expect(await refused('host', 'add', 'x', ...closed, '--key', ssh.keyPath)).toEqual({
      exit: 5,
      code: 'host_unreachable',
    })
  })

  it('is not let in', async () => {
    const accept = ['--accept-host-key', ssh.hostKeyFingerprint]
    const wrong = ['--password', '--secret-file', join(quayside.home, 'wrong')]
    expect(await refused('host', 'add', 'x', ...address, ...wrong, ...accept)).toEqual({
      exit: 7,
      code: 'login_refused',
    })
    const missing = ['--key', join(quayside.home, 'nothing')]
    expect(await refused('host', 'add', 'x', ...address, ...missing, ...accept)).toEqual({
      exit: 7,
      code: 'key_file_missing',
    })
    const invalid = ['--key', join(quayside.home, 'no-key')]
    expect(await refused('host', 'add', 'x', ...address, ...invalid, ...accept)).toEqual({
      exit: 7,
      code: 'key_file_invalid',
    })
  })

  it('meets another host key than the one accepted', async () => {
    const fresh = await createCommandLine(lab.env)
    try {
      const outcome = await fresh.run(
        ...['host', 'add', 'x', ...address, '--key', ssh.keyPath],
        ...['--accept-host-key', otherKey, '--json'],
      )
      expect(outcome.code).toBe(6)
      expect(JSON.stringify(errorOf(outcome))).toContain(ssh.hostKeyFingerprint)
    } finally {
      await fresh.remove()
    }
  })

  it('finds no Docker behind a socket that is none', async () => {
    const socket = join(quayside.home, 'nothing.sock')
    expect((await refused('host', 'add', 'x', '--local', socket)).exit).toBe(8)
  })

  it('finds no database and no job of that name', async () => {
    for (const argv of [
      ['db', 'show', 'nothing'],
      ['db', 'url', 'nothing'],
      ['db', 'purge', 'nothing', '--confirm', 'nothing'],
      ['tunnel', 'nothing'],
      ['job', 'show', '00000000'],
    ])
      expect(await refused(...argv)).toEqual({ exit: 3, code: 'not_found' })
  })

  it('creates nothing from an image that isn’t there', async () => {
    expect(await refused('db', 'create', 'ghost', '--version', '9.0-none')).toEqual({
      exit: 8,
      code: 'image_not_found',
    })
    expect(await quayside.json('db', 'list', '--trash')).toEqual([])
  })

  it('leaves nothing behind after all that', async () => {
    expect(await quayside.json('host', 'list')).toHaveLength(1)
  })
})

/** A port on loopback that nothing listens on. */
function closedPort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        resolve(address !== null && typeof address === 'object' ? address.port : 0),
      )
    })
  })
}

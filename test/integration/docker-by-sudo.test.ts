import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { databaseSchema } from '../../shared/contract/databases.ts'
import { hostSchema } from '../../shared/contract/hosts.ts'
import * as z from 'zod'
import { createCommandLine, output, type CommandLine } from './cli-process.ts'

const lab = inject('lab')

// A user whom the host lets reach Docker by sudo alone, and by that one command.
describe('Docker by sudo', { timeout: 120_000 }, () => {
  const [server] = lab.hosts
  if (server === undefined) throw new Error('The lab has no host.')
  const { ssh, accounts } = server
  const name = `by-sudo-${randomUUID().slice(0, 8)}`
  let quayside: CommandLine

  beforeAll(async () => {
    quayside = await createCommandLine(lab.env)
  })
  afterAll(async () => {
    await quayside.run('db', 'delete', name, '--confirm', name)
    await quayside.run('db', 'purge', name, '--confirm', name)
    await quayside.remove()
  })

  it('adds the host, and says how Docker is reached', async () => {
    const added = hostSchema.parse(
      await quayside.json(
        ...['host', 'add', 'by-sudo', '--address', ssh.host, '--port', String(ssh.port)],
        ...['--user', accounts.sudoer.user, '--key', accounts.sudoer.keyPath ?? ''],
        ...['--accept-host-key', ssh.hostKeyFingerprint],
      ),
    )
    expect(added.status).toMatchObject({
      state: 'ready',
      transport: 'dial-stdio',
      limits: [expect.stringContaining('sudoer uses Docker by sudo')],
    })
  })

  it('creates a database that answers, lists it, stops and removes it', async () => {
    await quayside.json('db', 'create', name, '--version', '15')
    const listed = z.array(databaseSchema).parse(await quayside.json('db', 'list'))
    expect(listed).toMatchObject([{ name, status: 'running' }])

    const tunnel = quayside.start(['tunnel', name, '--json'])
    await tunnel.firstLine
    const { text } = z.object({ text: z.string() }).parse(await quayside.json('db', 'url', name))
    expect(await output('psql', [text, '-Atc', 'select 40 + 2'])).toBe('42')
    tunnel.child.kill('SIGTERM')
    await tunnel.ended

    expect(await quayside.json('db', 'stop', name)).toMatchObject({ status: 'stopped' })
    await quayside.json('db', 'delete', name, '--confirm', name)
    await quayside.json('db', 'purge', name, '--confirm', name)
    expect(await quayside.json('db', 'list', '--trash')).toEqual([])
  })
})

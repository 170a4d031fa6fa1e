import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openLab, type Lab } from '../lab/lab.ts'
import { createCommandLine, output, type CommandLine } from './cli-process.ts'

const [server] = inject('lab').hosts

describe('a tunnel that is held', { timeout: 180_000 }, () => {
  let quayside: CommandLine
  let lab: Lab
  if (server === undefined) throw new Error('The lab has no host.')
  const { ssh, proxy, name } = server

  beforeAll(async () => {
    lab = await openLab()
    quayside = await createCommandLine(lab.env)
    await quayside.json(
      ...['host', 'add', 'far', '--address', proxy.host, '--port', String(proxy.port)],
      ...['--user', ssh.user, '--key', ssh.keyPath, '--accept-host-key', ssh.hostKeyFingerprint],
    )
    await quayside.json('db', 'create', 'held', '--version', '15')
  })
  afterAll(async () => {
    await lab.fault.proxy.clear(name)
    await quayside.run('db', 'delete', 'held', '--confirm', 'held')
    await quayside.run('db', 'purge', 'held', '--confirm', 'held')
    await quayside.remove()
  })

  it('outlives a cut link, says so, and leads to the database again', async () => {
    const tunnel = quayside.start(['tunnel', 'held'])
    await tunnel.firstLine
    const url = (await quayside.run('db', 'url', 'held')).stdout.trim()
    const query = () => output('psql', [url, '-Atc', 'select 40 + 2'])
    expect(await query()).toBe('42')

    await lab.fault.proxy.cut(name, { refuse: true })
    await tunnel.said('far does not answer. The tunnel waits for it.')
    await lab.fault.proxy.clear(name)
    await tunnel.said('far answers again.')
    expect(await query()).toBe('42')

    tunnel.child.kill('SIGINT')
    expect(await tunnel.ended).toMatchObject({ code: 0 })
    await expect(query()).rejects.toThrow('refused')
  })

  it('ends when another command deletes its database', async () => {
    const tunnel = quayside.start(['tunnel', 'held', '--json'])
    await tunnel.firstLine
    await quayside.json('db', 'delete', 'held', '--confirm', 'held')
    const { code, stderr } = await tunnel.ended
    expect(code).toBe(4)
    expect(stderr).toContain('is in the trash')
  })

  it('is not opened to a database in the trash', async () => {
    expect(await quayside.run('tunnel', 'held')).toMatchObject({ code: 3, stdout: '' })
  })
})

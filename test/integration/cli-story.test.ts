import * as z from 'zod'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { databaseSchema } from '../../shared/contract/databases.ts'
import { hostSchema } from '../../shared/contract/hosts.ts'
import { createCommandLine, output, type CommandLine, type Running } from './cli-process.ts'

const lab = inject('lab')
const urlSchema = z.object({ text: z.string(), port: z.int(), tunnel: z.literal(true) })

// One story, in order: each part stands on the one before.
describe('from a host to a database and back, by commands alone', { timeout: 180_000 }, () => {
  let quayside: CommandLine
  let tunnel: Running | undefined
  const [server] = lab.hosts
  if (server === undefined) throw new Error('The lab has no host.')
  const { ssh } = server
  const address = ['--address', ssh.host, '--port', String(ssh.port), '--user', ssh.user]

  const database = async (...argv: string[]) => databaseSchema.parse(await quayside.json(...argv))
  const query = (url: string) => output('psql', [url, '-Atc', 'select 40 + 2'])

  beforeAll(async () => {
    quayside = await createCommandLine(lab.env)
  })
  afterAll(async () => {
    tunnel?.child.kill()
    await tunnel?.ended
    await quayside.run('db', 'delete', 'story', '--confirm', 'story')
    await quayside.run('db', 'purge', 'story', '--confirm', 'story')
    await quayside.remove()
  })

  it('does not trust an unknown host key by itself, and says what to add', async () => {
    const refused = await quayside.run('host', 'add', 'lab-1', ...address, '--key', ssh.keyPath)
    expect(refused).toMatchObject({ code: 6, stdout: '' })
    expect(refused.stderr).toContain(`--accept-host-key ${ssh.hostKeyFingerprint}`)
    expect(await quayside.json('host', 'list')).toEqual([])
  })

  it('adds the host with its key accepted', async () => {
    const added = hostSchema.parse(
      await quayside.json(
        ...['host', 'add', 'lab-1', ...address, '--key', ssh.keyPath],
        ...['--accept-host-key', ssh.hostKeyFingerprint],
      ),
    )
    expect(added).toMatchObject({ name: 'lab-1', status: { state: 'ready' } })
    const { code, stdout, stderr } = await quayside.run('host', 'check', 'lab-1', '--json')
    expect(code).toBe(0)
    expect(hostSchema.parse(JSON.parse(stdout)).status.dockerVersion).not.toBeNull()
    const steps = stderr.match(/"step":"[a-z-]+"/g)
    // Name, port, host key, login, Docker, permission, version, disk and memory, clock.
    expect(steps).toHaveLength(9)
  })

  it('shows the plan without doing it', async () => {
    const plan = await quayside.json('db', 'create', 'story', '--version', '15', '--plan')
    expect(plan).toMatchObject({ containerName: 'story-development-postgres' })
    expect(await quayside.json('db', 'list', '--trash')).toEqual([])
  })

  it('creates a database, telling the steps on stderr', async () => {
    const created = await quayside.run('db', 'create', 'story', '--version', '15', '--json')
    expect(created).toMatchObject({ code: 0 })
    expect(databaseSchema.parse(JSON.parse(created.stdout))).toMatchObject({
      name: 'story',
      status: 'running',
    })
    const steps = created.stderr.trim().split('\n')
    expect(steps.length).toBeGreaterThan(4)
    for (const line of steps) expect(JSON.parse(line)).toHaveProperty('progress')
  })

  it('refuses a second one of that name', async () => {
    expect(await quayside.run('db', 'create', 'story', '--version', '15')).toMatchObject({
      code: 4,
    })
  })

  it('prints a connection string that works while a tunnel is open', async () => {
    const without = await quayside.run('db', 'url', 'story')
    expect(without.code).toBe(0)
    expect(without.stderr).toContain('quayside tunnel story')
    await expect(query(without.stdout.trim())).rejects.toThrow('refused')

    tunnel = quayside.start(['tunnel', 'story', '--json'])
    const open = z.object({ port: z.int() }).parse(JSON.parse(await tunnel.firstLine))
    const within = await quayside.run('db', 'url', 'story')
    expect(within).toMatchObject({ code: 0, stderr: '', stdout: without.stdout })
    const parts = urlSchema.parse(await quayside.json('db', 'url', 'story'))
    expect(parts).toMatchObject({ port: open.port, text: without.stdout.trim() })
    expect(await query(parts.text)).toBe('42')
    expect(await query(without.stdout.trim())).toBe('42')
  })

  it('gives live numbers of it', async () => {
    const shown = z
      .object({ stats: z.object({ sizeBytes: z.number().positive() }) })
      .parse(await quayside.json('db', 'show', 'story'))
    expect(shown.stats).toBeDefined()
  })

  it('closes the tunnel at SIGTERM with exit code 0', async () => {
    tunnel?.child.kill('SIGTERM')
    expect(await tunnel?.ended).toMatchObject({ code: 0 })
    tunnel = undefined
  })

  it('opens the tunnel on a port of one’s choice', async () => {
    const other = quayside.start(['tunnel', 'story', '--port', '47113', '--json'])
    expect(JSON.parse(await other.firstLine)).toMatchObject({ port: 47113 })
    other.child.kill('SIGINT')
    expect(await other.ended).toMatchObject({ code: 0 })
  })

  it('stops, starts and restarts it', async () => {
    expect(await database('db', 'stop', 'story')).toMatchObject({ status: 'stopped' })
    expect(await database('db', 'start', 'story')).toMatchObject({ status: 'running' })
    expect(await database('db', 'restart', 'story@lab-1')).toMatchObject({ status: 'running' })
  })

  it('deletes it only unprotected and by its name, and brings it back', async () => {
    const confirmed = ['db', 'delete', 'story', '--confirm', 'story']
    await quayside.json('db', 'protect', 'story')
    expect(await quayside.run(...confirmed)).toMatchObject({ code: 4 })
    await quayside.json('db', 'unprotect', 'story')
    expect(await quayside.run('db', 'delete', 'story')).toMatchObject({ code: 2 })
    expect(await quayside.run('db', 'delete', 'story', '--confirm', 'sorty')).toMatchObject({
      code: 2,
    })
    expect(await database(...confirmed)).toMatchObject({ status: 'trash' })
    expect(await quayside.json('db', 'list')).toEqual([])
    expect(await quayside.run('db', 'start', 'story')).toMatchObject({ code: 3 })
    expect(await database('db', 'undelete', 'story')).toMatchObject({ status: 'running' })
  })

  it('does not remove a host that holds databases', async () => {
    expect(await quayside.run('host', 'remove', 'lab-1')).toMatchObject({ code: 4 })
  })

  it('purges it from the trash, and nothing is left', async () => {
    expect(await quayside.run('db', 'purge', 'story', '--confirm', 'story')).toMatchObject({
      code: 3,
    })
    await quayside.json('db', 'delete', 'story', '--confirm', 'story')
    expect(await quayside.json('db', 'purge', 'story', '--confirm', 'story')).toMatchObject({
      purged: true,
    })
    expect(await quayside.json('db', 'list', '--trash')).toEqual([])
    expect(await quayside.json('job', 'list')).not.toEqual([])
    expect(await quayside.json('host', 'remove', 'lab-1')).toMatchObject({ removed: true })
  })
})

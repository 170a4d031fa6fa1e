import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import * as z from 'zod'
import { databaseSchema } from '../../shared/contract/databases.ts'
import { hostSchema } from '../../shared/contract/hosts.ts'
import { createCommandLine, output, type CommandLine } from './cli-process.ts'

const lab = inject('lab')

// A lab host shares the machine's files, so what is made there can be looked at from here. One story.
describe('databases in folders of the host', { timeout: 120_000 }, () => {
  const [server] = lab.hosts
  if (server === undefined) throw new Error('The lab has no host.')
  const { ssh } = server
  const directory = join(dirname(server.dockerSocket), `folders-${randomUUID().slice(0, 8)}`)
  const name = `folder-${randomUUID().slice(0, 8)}`
  const folder = join(directory, `${name}-development-postgres`)
  const confirmed = [name, '--confirm', name]
  let quayside: CommandLine

  const database = async (...argv: string[]) => databaseSchema.parse(await quayside.json(...argv))
  const query = async (sql: string) => {
    const tunnel = quayside.start(['tunnel', name, '--json'])
    await tunnel.firstLine
    const { text } = z.object({ text: z.string() }).parse(await quayside.json('db', 'url', name))
    const answer = await output('psql', [text, '-qAtc', sql])
    tunnel.child.kill('SIGTERM')
    await tunnel.ended
    return answer
  }

  beforeAll(async () => {
    quayside = await createCommandLine(lab.env)
    await quayside.json(
      ...['host', 'add', 'folders', '--address', ssh.host, '--port', String(ssh.port)],
      ...['--key', ssh.keyPath, '--accept-host-key', ssh.hostKeyFingerprint],
    )
  })
  afterAll(async () => {
    await quayside.run('db', 'delete', ...confirmed)
    await quayside.run('db', 'purge', ...confirmed)
    await quayside.remove()
    await rm(directory, { recursive: true, force: true })
  })

  it('takes an absolute path that keeps data, and says what is wrong with another', async () => {
    for (const path of ['data', '/proc/1']) {
      expect(await quayside.run('host', 'set', 'folders', '--data-directory', path)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('--data-directory') as string,
      })
    }
    const set = await quayside.json('host', 'set', 'folders', '--data-directory', `${directory}/`)
    expect(hostSchema.parse(set)).toMatchObject({ dataDirectory: directory })
  })

  it('makes the folder, marked as the database’s own and owned by the server’s user', async () => {
    const plan = await quayside.json('db', 'create', name, '--version', '15', '--plan')
    expect(plan).toMatchObject({ volumeName: folder })
    expect(existsSync(directory)).toBe(false)

    const { id, volumeName } = await database('db', 'create', name, '--version', '15')
    expect(volumeName).toBe(folder)
    expect(await readdir(directory)).toEqual([`${name}-development-postgres`])
    expect(await readFile(join(folder, '.quayside-database'), 'utf8')).toBe(`${id}\n`)
    const [data, version] = [await stat(join(folder, 'data')), join(folder, 'data', 'PG_VERSION')]
    expect(data.uid).toBeGreaterThan(0)
    expect((await stat(version)).uid).toBe(data.uid)
    await query('create table kept as select 42 as answer')
  })

  it('keeps the data over a restart, the trash and the way back, and begins no new ones without its disk', async () => {
    await quayside.json('db', 'restart', name)
    await quayside.json('db', 'delete', ...confirmed)
    expect(existsSync(folder)).toBe(true)
    const again = await quayside.run('db', 'create', name, '--version', '15')
    expect(again).toMatchObject({ code: 4, stderr: expect.stringContaining(folder) as string })
    await quayside.json('db', 'undelete', name)
    await quayside.json('db', 'stop', name)
    await rename(directory, `${directory}-away`)
    const gone = { code: 8, stderr: expect.stringContaining('not on the host') as string }
    expect(await quayside.run('db', 'start', name)).toMatchObject(gone)
    expect(existsSync(directory)).toBe(false)
    await rename(`${directory}-away`, directory)
    await quayside.json('db', 'start', name)
    expect(await query('select answer from kept')).toBe('42')
  })

  it('purges only what carries its mark', async () => {
    await quayside.json('db', 'delete', ...confirmed)
    const mark = join(folder, '.quayside-database')
    const own = await readFile(mark, 'utf8')
    // Another database's folder has come into the place of this one, as after a restore by hand.
    await writeFile(mark, `${randomUUID()}\n`)
    await quayside.json('db', 'purge', ...confirmed)
    expect(existsSync(join(folder, 'data', 'PG_VERSION'))).toBe(true)
    expect(own).not.toBe('')
    await rm(folder, { recursive: true })
  })

  it('says that a directory can’t be made, and leaves nothing behind', async () => {
    const under = `${server.dockerSocket}/data`
    await quayside.json('host', 'set', 'folders', '--data-directory', under)
    const failed = await quayside.run('db', 'create', name, '--version', '15')
    expect(failed.code).not.toBe(0)
    expect(failed.stderr).toContain('can’t be made on the host')
    expect(await quayside.json('db', 'list', '--trash')).toEqual([])
    await quayside.json('host', 'set', 'folders', '--data-directory', directory)
  })

  it('purges the folder with all its data, and nothing beside it', async () => {
    await mkdir(join(directory, 'other'))
    await quayside.json('db', 'create', name, '--version', '15')
    await quayside.json('db', 'delete', ...confirmed)
    await quayside.json('db', 'purge', ...confirmed)
    expect(await readdir(directory)).toEqual(['other'])
    const left = await output('docker', [
      ...['-H', `unix://${server.dockerSocket}`, 'ps', '-aq', '--filter', 'label=io.quayside.task'],
    ])
    expect(left).toBe('')
  })
})

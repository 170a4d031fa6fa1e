import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { databaseSchema } from '../../shared/contract/databases.ts'
import { hostSchema } from '../../shared/contract/hosts.ts'
import { createCommandLine, output, type CommandLine } from './cli-process.ts'

const lab = inject('lab')

describe('Docker on this computer, with passwords in a vault', { timeout: 180_000 }, () => {
  let quayside: CommandLine
  let unlocked: string[] = []

  beforeAll(async () => {
    quayside = await createCommandLine(lab.env)
    const file = join(quayside.home, 'passphrase')
    await writeFile(file, 'correct horse battery\n', { mode: 0o600 })
    unlocked = ['--vault-passphrase-file', file]
  })
  afterAll(async () => {
    await quayside.run(...unlocked, 'db', 'delete', 'near', '--confirm', 'near')
    await quayside.run(...unlocked, 'db', 'purge', 'near', '--confirm', 'near')
    await quayside.remove()
  })

  it('makes a vault, which a wrong passphrase does not open', async () => {
    expect(await quayside.json('vault', 'create', ...unlocked)).toMatchObject({ place: 'vault' })
    expect(await quayside.json('vault', 'status')).toMatchObject({ state: 'locked' })
    const wrong = quayside.start(['vault', 'unlock-check', '--secret-stdin'], { stdin: 'wrong' })
    expect(await wrong.ended).toMatchObject({ code: 9, stdout: '' })
    await quayside.json('vault', 'unlock-check', ...unlocked)
  })

  it('adds the socket and creates a database behind it', async () => {
    const added = await quayside.json('host', 'add', 'here', '--local', lab.local.dockerSocket)
    expect(hostSchema.parse(added).status).toMatchObject({ state: 'ready', transport: 'socket' })
    const create = ['db', 'create', 'near', '--version', '15']
    expect(await quayside.run(...create)).toMatchObject({ code: 9 })
    const created = await quayside.json(...unlocked, ...create)
    expect(databaseSchema.parse(created)).toMatchObject({ status: 'running' })
  })

  it('connects without a tunnel', async () => {
    const { code, stdout, stderr } = await quayside.run('db', 'url', 'near', ...unlocked)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(await output('psql', [stdout.trim(), '-Atc', 'select 40 + 2'])).toBe('42')
    expect(await quayside.run('tunnel', 'near')).toMatchObject({ code: 2 })
    expect(await quayside.run('db', 'password', 'near')).toMatchObject({ code: 9, stdout: '' })
  })

  it('deletes and purges it', async () => {
    await quayside.json(...unlocked, 'db', 'delete', 'near', '--confirm', 'near')
    await quayside.json(...unlocked, 'db', 'purge', 'near', '--confirm', 'near')
    await quayside.json(...unlocked, 'host', 'remove', 'here')
  })
})

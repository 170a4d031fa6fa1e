import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import * as z from 'zod'
import { jobSchema } from '../../shared/contract/jobs.ts'
import { databaseSchema } from '../../shared/contract/databases.ts'
import { createCommandLine, type CommandLine } from './cli-process.ts'

const lab = inject('lab')
const create = ['db', 'create', 'halted', '--version', '15', '--host', 'lab-1']
const jobsSchema = z.array(jobSchema)

describe('a create that is interrupted', { timeout: 180_000 }, () => {
  let quayside: CommandLine
  const jobs = async () => jobsSchema.parse(await quayside.json('job', 'list'))

  beforeAll(async () => {
    const [server] = lab.hosts
    if (server === undefined) throw new Error('The lab has no host.')
    const { ssh } = server
    quayside = await createCommandLine(lab.env)
    await quayside.json(
      ...['host', 'add', 'lab-1', '--address', ssh.host, '--port', String(ssh.port)],
      ...['--user', ssh.user, '--key', ssh.keyPath, '--accept-host-key', ssh.hostKeyFingerprint],
    )
  })
  afterAll(async () => {
    await quayside.run('db', 'delete', 'halted', '--confirm', 'halted')
    await quayside.run('db', 'purge', 'halted', '--confirm', 'halted')
    await quayside.run('host', 'remove', 'lab-1')
    await quayside.remove()
  })

  it('takes back what was made at the first Ctrl-C', async () => {
    const running = quayside.start(create)
    await running.said(/volume/i)
    running.child.kill('SIGINT')
    const { code, stdout, stderr } = await running.ended
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' })
    expect(stderr).toContain('Cancelling. What was made so far is removed.')
    expect(await quayside.json('db', 'list', '--trash')).toEqual([])
    expect((await jobs())[0]).toMatchObject({ state: 'cancelled' })
  })

  it('is finished by the next command after a SIGKILL', async () => {
    const running = quayside.start(create)
    await running.said(/volume/i)
    running.child.kill('SIGKILL')
    await running.ended
    const [left] = await jobs()
    expect(left?.state).not.toBe('done')
    await quayside.json('job', 'wait', left?.id ?? '')
    const databases = z.array(databaseSchema).parse(await quayside.json('db', 'list'))
    expect(databases).toMatchObject([{ name: 'halted', status: 'running' }])
  })

  it('goes on by itself beside another command that changes something', async () => {
    const running = quayside.start(['db', 'restart', 'halted'])
    await running.said('…')
    running.child.kill('SIGKILL')
    await running.ended
    await quayside.json('db', 'stop', 'halted')
    expect((await jobs()).slice(0, 2)).toMatchObject([{ state: 'done' }, { state: 'done' }])
  })
})

import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import * as z from 'zod'
import { dockerInstallPlanSchema, hostSchema } from '../../shared/contract/hosts.ts'
import { errorDataSchema } from '../../shared/errors.ts'
import { jobSchema } from '../../shared/contract/jobs.ts'
import { startBareHost, type BareHost } from '../lab/bare/bare-host.ts'
import { instanceNamed } from '../lab/instance.ts'
import { createCommandLine, type CommandLine } from './cli-process.ts'

const lab = inject('lab')

// A rented server as it comes: Debian with sshd. What is installed comes from Debian's own mirror.
describe('Docker on a bare Debian', { timeout: 240_000 }, () => {
  let bare: BareHost
  let quayside: CommandLine
  const name = `bare-${randomUUID().slice(0, 8)}`

  beforeAll(async () => {
    bare = await startBareHost(instanceNamed(lab.env['QUAYSIDE_LAB'] ?? ''))
    quayside = await createCommandLine(lab.env)
  }, 240_000)
  afterAll(async () => {
    await quayside.remove()
    await bare.end()
  })

  const add = (host: string, user: string, ...more: string[]) =>
    quayside.run(
      ...['host', 'add', host, '--json', '--address', bare.address, '--user', user],
      ...['--key', bare.keyPath, '--accept-host-key', bare.hostKeyFingerprint, ...more],
    )
  const errorOf = (stderr: string) => {
    const last = stderr.trim().split('\n').at(-1) ?? ''
    return z.object({ error: errorDataSchema }).parse(JSON.parse(last)).error
  }

  it('is missed by the check, which still looks at disk and clock', async () => {
    const refused = await add(name, 'root')
    expect(refused.code).toBe(8)
    expect(errorOf(refused.stderr)).toMatchObject({ code: 'docker_missing' })
    expect(refused.stderr).toMatch(/"step":"disk".*"state":"done".* free/)
    expect(refused.stderr).toMatch(/"step":"clock".*"state":"done"/)
  })

  it('is planned exactly, and nothing changes by that', async () => {
    const added = await add(name, 'admin', '--without-docker')
    expect(hostSchema.parse(JSON.parse(added.stdout)).status.state).toBe('refused')
    const plan = dockerInstallPlanSchema.parse(
      await quayside.json('host', 'install-docker', name, '--plan'),
    )
    expect(plan).toMatchObject({ user: 'admin', as: 'sudo' })
    expect(plan.os).toMatch(/^Debian GNU\/Linux 12/)
    expect(plan.steps.map((step) => step.command)).toEqual([
      expect.stringMatching(/^sudo -n env .*apt-get update$/),
      expect.stringMatching(/^sudo -n env .*apt-get install -y .* docker\.io$/),
      'sudo -n service docker start',
      'sudo -n usermod -aG docker admin',
    ])
    expect((await bare.exec(['sh', '-c', 'command -v dockerd'])).code).not.toBe(0)
    expect((await bare.exec(['sh', '-c', 'ls /var/lib/apt/lists'])).stdout).toBe('')
  })

  it('asks before it does anything', async () => {
    const unasked = await quayside.run('host', 'install-docker', name, '--json')
    expect(errorOf(unasked.stderr)).toMatchObject({ code: 'invalid_input' })
  })

  it('is left to the user where the login may not install', async () => {
    await add(`${name}-guest`, 'guest', '--without-docker')
    const refused = await quayside.run(
      'host',
      'install-docker',
      `${name}-guest`,
      '--plan',
      '--json',
    )
    expect(errorOf(refused.stderr)).toMatchObject({
      code: 'install_unsupported',
      remedy: expect.stringContaining('usermod -aG docker guest') as string,
    })
  })

  it('says that the mirrors are out of reach, and goes on by a retry once they are back', async () => {
    await bare.mirror.setOpen(false)
    const failed = await quayside.run('host', 'install-docker', name, '--yes', '--json')
    expect(failed.code).toBe(8)
    expect(errorOf(failed.stderr)).toMatchObject({
      code: 'install_failed',
      message: `${name} can’t reach its package mirrors.`,
      detail: expect.stringContaining('Err:') as string,
    })
    await bare.mirror.setOpen(true)

    const [failedJob] = z.array(jobSchema).parse(await quayside.json('job', 'list'))
    expect(failedJob).toMatchObject({ kind: 'install-docker', state: 'failed', hostName: name })
    const job = jobSchema.parse(await quayside.json('job', 'retry', failedJob?.id ?? ''))
    expect(job.steps.map(({ name: step, state }) => [step, state])).toEqual(
      ['update', 'install', 'start', 'group', 'check'].map((step) => [step, 'done']),
    )
    expect(job.steps[1]?.fact).toMatch(/^docker\.io 20\./)
    expect(job.steps.at(-1)?.fact).toMatch(/^Docker 20\./)
  })

  it('can be used then, and a second time changes nothing', async () => {
    const host = hostSchema.parse(await quayside.json('host', 'check', name))
    expect(host.status).toMatchObject({ state: 'ready', transport: 'stream-local' })
    const before = await bare.exec(['sh', '-c', 'cat /var/lib/dpkg/status | md5sum'])
    const job = jobSchema.parse(await quayside.json('host', 'install-docker', name, '--yes'))
    expect(job.state).toBe('done')
    const after = await bare.exec(['sh', '-c', 'cat /var/lib/dpkg/status | md5sum'])
    expect(after.stdout).toBe(before.stdout)
    expect((await bare.exec(['sh', '-c', 'ls -d /tmp/quayside-*'])).stdout).toBe('')
  })
})

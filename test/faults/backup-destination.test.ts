import { execFileSync } from 'node:child_process'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { BackupId } from '../../shared/contract/backups.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobView } from '../../shared/contract/jobs.ts'
import { backupRig, outcome, type BackupRig } from './backup-rig.ts'
import { freshName } from '../integration/docker-bench.ts'
import { startFaultProxy, type Rule } from '../conformance/fault-proxy.ts'
import { startServer, type TestServer } from '../conformance/servers/server-worker.ts'
import { expectDone, finished, settled, sqlOnLab } from './core-on-lab.ts'

// What goes wrong where the backup goes: a real file system that is full, a folder that is away, a bucket
// that refuses.

// Mounting one takes root on Linux.
const canMount = process.platform === 'linux' && process.getuid?.() === 0
let root = ''
let rig: BackupRig

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'quayside-backup-disk-'))
  if (canMount) {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=700', 'quayside-test', root])
  }
  rig = await backupRig(freshName('backup-disk'), { root })
}, 120_000)
afterEach(() => rig.on.lab.fault.clear())
afterAll(async () => {
  await rig.close()
  if (canMount) execFileSync('umount', [root])
  await rm(root, { recursive: true, force: true })
}, 120_000)

/** The same action, after it failed: now it succeeds. */
async function again(encrypt: boolean): Promise<void> {
  const next = await rig.start({ encrypt })
  await expectDone(rig.on.core, next.jobId)
  await rig.expectWhole(next)
}

describe.runIf(canMount)('the disk is full', () => {
  const size = (bytes: string): void => {
    execFileSync('mount', ['-o', `remount,size=${bytes}`, root])
  }
  const used = (): number =>
    Number(execFileSync('df', ['--output=used', '-B1', root]).toString().split('\n')[1])

  test.each([true, false])(
    'amid a dump, encrypted: %s: it says so, nothing stays',
    async (encrypt) => {
      size(String(used() + 1_000_000))
      const started = await rig.start({ encrypt })
      expect(await outcome(rig.on, started)).toEqual({
        state: 'failed',
        code: 'destination_full',
        step: 'dump',
      })
      await rig.expectNothing(started)
      size('200m')
      await again(encrypt)
    },
  )
})

describe('the folder is away', () => {
  const away = (): string => `${rig.folder}-away`

  test('before the dump: it says so, tries again, and goes on when it is back', async () => {
    await rename(rig.folder, away())
    const started = await rig.start()
    const tried = async () => (await rig.on.core.jobs.get({ id: started.jobId })).attempt
    await expect.poll(tried, { timeout: 30_000 }).toBeGreaterThan(0)
    const { state, error } = await rig.on.core.jobs.get({ id: started.jobId })
    expect({ state, code: error?.code }).toEqual({
      state: 'waiting',
      code: 'destination_unreachable',
    })
    await rename(away(), rig.folder)
    await expectDone(rig.on.core, started.jobId)
    await rig.expectWhole(started)
  })

  test('amid a dump, and for a moment: no false success', async () => {
    const happened = rig.whenUnderWay(() => rename(rig.folder, away()))
    const started = await rig.start()
    await happened
    // The undo waits for it too.
    setTimeout(() => void rename(away(), rig.folder), 2_000)
    const { state } = await outcome(rig.on, started)
    if (state === 'done') await rig.expectWhole(started)
    else await rig.expectNothing(started)
    await again(false)
  })
})

describe('a bucket', () => {
  const answer = (status: number, code: string) => ({
    kind: 'answer' as const,
    status,
    headers: { 'content-type': 'application/xml' },
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  })
  const secrets = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-of-the-test' }
  const methods = ['GET', 'HEAD', 'PUT', 'POST', 'DELETE']
  let server: TestServer
  let proxy: Awaited<ReturnType<typeof startFaultProxy>>
  let bucket: DestinationId

  beforeAll(async () => {
    server = await startServer('./s3-worker.ts')
    proxy = await startFaultProxy(server.endpoint)
    // With what is there already more than one part of an upload has.
    const more = 'SELECT sha512((n + 0.2)::text::bytea) AS c FROM generate_series(1, 110000) AS n'
    await sqlOnLab(rig.on, rig.databaseId, `CREATE TABLE more AS ${more}`)
    const { id } = await rig.on.core.destinations.add({
      name: 'bucket',
      kind: 's3',
      secrets: { ...secrets, sessionToken: 'the first token' },
      config: { bucket: 'backups', endpoint: proxy.endpoint },
    })
    bucket = id
  })
  afterAll(async () => {
    await sqlOnLab(rig.on, rig.databaseId, 'DROP TABLE more')
    proxy.stop()
    await server.stop()
  })

  const begin = () =>
    rig.on.core.backups.create({
      databaseId: rig.databaseId,
      destinationIds: [bucket],
      codec: 'none',
      encrypt: false,
    })
  async function expectWhole(id: BackupId): Promise<void> {
    const { core } = rig.on
    await settled(core)
    const made = (await core.backups.list({ databaseId: rig.databaseId })).find(
      (one) => one.id === id,
    )
    expect(made?.copies).toMatchObject([
      { problem: null, verifiedAt: expect.any(Number) as number },
    ])
    await rig.expectNoTask()
  }

  test('whose credentials expire amid a part: it says so, and with new ones a retry makes it', async () => {
    const { core } = rig.on
    // Whoever comes with the old token is refused from the second part on.
    const expired = methods.map((method) => ({
      method,
      header: ['x-amz-security-token', 'the first token'] as const,
      fault: answer(403, 'ExpiredToken'),
    }))
    const second: Rule = { method: 'PUT', url: /partNumber=2/, fault: answer(403, 'ExpiredToken') }
    proxy.set([{ ...second, next: expired }])
    const { id, jobId } = await begin()
    // It can't even take back what it began, and says why meanwhile.
    const told = async () => {
      const { undoing, attempt, error } = await core.jobs.get({ id: jobId })
      return { undoing, attempt, code: error?.code }
    }
    await expect
      .poll(told, { timeout: 30_000, interval: 50 })
      .toEqual({ undoing: true, attempt: 1, code: 'destination_denied' })
    expect(await server.everything()).toEqual([expect.stringMatching(/^upload of .*\.dump$/)])

    const renewed = { ...secrets, sessionToken: 'the second token' }
    await core.destinations.update({ id: bucket, secrets: renewed })
    const { state, error, steps } = await finished(core, jobId)
    expect([state, steps.find((step) => step.state === 'failed')?.name]).toEqual(['failed', 'dump'])
    expect(error).toMatchObject({
      code: 'destination_denied',
      message: 'The credentials have expired.',
      hint: 'Give new credentials in the destination’s settings.',
    })
    expect(JSON.stringify(error)).not.toMatch(/first token|AKIATEST/)
    expect(await server.everything()).toEqual([])
    const ids = (await core.backups.list({ databaseId: rig.databaseId })).map((one) => one.id)
    expect(ids).not.toContain(id)
    await rig.expectNoTask()

    await core.jobs.retry({ id: jobId })
    await expectDone(core, jobId)
    await expectWhole(id)
    expect(await server.everything()).toHaveLength(3)
  })

  test('that has too much to do: a part is sent again; where that does not help, the job tries again', async () => {
    const { core } = rig.on
    const busy = answer(503, 'SlowDown')
    proxy.set([{ method: 'PUT', url: /partNumber=2/, fault: busy, times: 2 }])
    const patient = await begin()
    await expectDone(core, patient.jobId)
    await expectWhole(patient.id)

    proxy.set([{ method: 'PUT', url: /partNumber=2/, fault: busy }])
    const { id, jobId } = await begin()
    const tried = async () => {
      const { state, attempt, error } = await core.jobs.get({ id: jobId })
      return { state, attempt, code: error?.code }
    }
    await expect
      .poll(tried, { timeout: 30_000, interval: 20 })
      .toEqual({ state: 'waiting', attempt: 1, code: 'destination_unreachable' })
    expect((await server.everything()).filter((each) => each.startsWith('upload'))).toEqual([])
    proxy.set([])
    await expectDone(core, jobId)
    await expectWhole(id)
    expect(await server.everything()).toHaveLength(9)
  })
})

test('a copy goes to a folder of another host, and its link stalls: the others are unharmed', async () => {
  const { core, lab } = rig.on
  const second = lab.hosts.find((one) => one.name === 'h2')
  if (second === undefined) throw new Error('the lab has no host h2')
  const { proxy, ssh } = second
  // Without a database of its own a host works by the newest image, which the lab has not.
  await lab.docker('h2', ['pull', 'postgres:15'])
  await lab.docker('h2', ['tag', 'postgres:15', 'postgres:18'])
  onTestFinished(async () => {
    await lab.docker('h2', ['rmi', 'postgres:18'])
  })
  const { id: host } = await core.hosts.add({
    name: 'h2',
    baseDomain: null,
    acceptHostKey: ssh.hostKeyFingerprint,
    connection: {
      kind: 'ssh',
      address: proxy.host,
      port: proxy.port,
      user: ssh.user,
      login: { kind: 'key', path: ssh.keyPath },
    },
  })
  const place = freshName('quayside-far')
  const far = await core.destinations.add({
    name: 'far',
    kind: 'server-folder',
    config: { host, place },
    secrets: {},
  })
  await lab.fault.proxy.rate('h2', 1_000_000)
  const happened = new Promise<void>((resolve, reject) => {
    const stop = core.onEvent((event) => {
      if (event.type !== 'job-progress' || event.progress.step !== 'copy') return
      if ((event.progress.bytes ?? 0) < 2_500_000) return
      stop()
      lab.fault.proxy.stall('h2').then(resolve, reject)
    })
  })
  const destinationIds = [rig.destinationId, far.id]
  const both = await core.backups.create({
    databaseId: rig.databaseId,
    destinationIds,
    codec: 'zstd',
    encrypt: false,
  })
  await expectDone(core, both.jobId)
  await happened
  const copying = async (): Promise<JobView | undefined> =>
    (await core.jobs.list({ limit: 100 })).find(({ kind }) => kind === 'copy-backup')
  // A reason stands there only until the next try: each is noted as it comes.
  const reasons = new Set<string | undefined>()
  onTestFinished(
    core.onEvent((event) => {
      if (event.type === 'changed' && event.topic === 'jobs')
        void copying().then((job) => reasons.add(job?.error?.code))
    }),
  )
  const state = async () => (await core.hosts.list({})).find(({ id }) => id === host)?.status.state
  await expect.poll(state, { timeout: 60_000, interval: 200 }).not.toBe('ready')

  const copies = async (id: BackupId) =>
    (await core.backups.list({ databaseId: rig.databaseId })).find((one) => one.id === id)?.copies
  // Near by, all goes on meanwhile.
  const next = await rig.start()
  await expectDone(core, next.jobId)
  await expect.poll(async () => (await copies(next.id))?.[0]?.verifiedAt).toBeGreaterThan(0)
  expect(await copies(both.id)).toMatchObject([
    { problem: null, verifiedAt: expect.any(Number) as number },
  ])

  // The copy has a connection of its own: cleared before that is given up, it would just go on.
  await expect.poll(() => [...reasons], { timeout: 90_000 }).toContain('host_lost')
  await lab.fault.proxy.clear('h2')
  await settled(core)
  const whole = { problem: null, verifiedAt: expect.any(Number) as number }
  expect(await copies(both.id)).toMatchObject([whole, whole])
  const { stdout } = await lab.docker('h2', ['volume', 'inspect', '-f', '{{.Mountpoint}}', place])
  const files = await lab.exec('h2', ['find', stdout.trim(), '-type', 'f'])
  expect(
    files.stdout
      .trim()
      .split('\n')
      .filter((file) => !/keys/.test(file)),
  ).toHaveLength(3)
  const left = await lab.docker('h2', ['ps', '-aq', '--filter', 'label=io.quayside.task'])
  expect(left.stdout.trim()).toBe('')
  await lab.docker('h2', ['volume', 'rm', place])
}, 240_000)

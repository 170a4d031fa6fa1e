import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { RestoreInput } from '../../shared/contract/restores.ts'
import { freshName } from '../integration/docker-bench.ts'
import { backupRig, outcome, type BackupRig } from './backup-rig.ts'
import { discard, expectDone, expectWhole, finished, sqlOnLab } from './core-on-lab.ts'
import { labVersion } from './lab-version.ts'

// Docker itself ends amid a dump, a restore, an export and an import: by a restart, which starts its containers again,
// and by a crash, after which it leaves those stopped that it restarts “unless stopped”.

let rig: BackupRig

beforeAll(async () => {
  rig = await backupRig(freshName('backup-docker'))
}, 120_000)
afterEach(() => rig.on.lab.fault.clear())
afterAll(() => rig.close(), 120_000)

const statusOf = async (id: DatabaseId): Promise<string | undefined> =>
  (await rig.on.core.databases.list({})).find((one) => one.id === id)?.status

/** What a user does who sees that it does not run. */
async function startIfStopped(): Promise<void> {
  const { core } = rig.on
  await expect.poll(() => statusOf(rig.databaseId), { timeout: 30_000 }).toMatch(/running|stopped/)
  if ((await statusOf(rig.databaseId)) === 'running') return
  await expectDone(core, (await core.databases.start({ id: rig.databaseId })).jobId)
}

/** Runs this once a dump is sent to where it is restored. */
function whenRestoring(fault: () => Promise<unknown>): Promise<void> {
  return new Promise<void>((resolve, reject) => {
    const stop = rig.on.core.onEvent((event) => {
      if (event.type !== 'job-progress' || event.progress.step !== 'restore') return
      if (event.progress.text === null) return
      stop()
      fault().then(() => resolve(), reject)
    })
  })
}

async function again(): Promise<void> {
  const next = await rig.start({ encrypt: true })
  await expectDone(rig.on.core, next.jobId)
  await rig.expectWhole(next)
}

describe('amid a dump', () => {
  test('it is restarted: the dump begins anew', async () => {
    const happened = rig.whenUnderWay(() => rig.on.lab.fault.docker.restart('h1'))
    const started = await rig.start()
    await happened
    await expectDone(rig.on.core, started.jobId, 120_000)
    await rig.expectWhole(started)
  })

  // Its shims outlive it: a dump that has little left may end well before a new daemon stops them.
  test('it crashes: the backup is whole, or it is said that the database does not run', async () => {
    const happened = rig.whenUnderWay(async () => {
      await rig.on.lab.fault.docker.kill('h1')
      await rig.on.lab.fault.docker.start('h1')
    })
    const started = await rig.start({ encrypt: true })
    await happened
    const how = await outcome(rig.on, started)
    if (how.state === 'done') {
      await rig.expectWhole(started)
    } else {
      expect(how).toEqual({ state: 'failed', code: 'engine_not_ready', step: 'dump' })
      await rig.expectNothing(started)
    }
    await startIfStopped()
    await again()
  })
})

describe('amid a restore', () => {
  /** Restores the newest backup there, and has Docker end once its dump is sent. */
  async function restoreAmid(
    target: RestoreInput['target'],
    fault: () => Promise<void>,
  ): Promise<DatabaseId> {
    const { core, lab } = rig.on
    const [backup] = await core.backups.list({ databaseId: rig.databaseId })
    if (backup === undefined) throw new Error('there is no backup')
    const happened = whenRestoring(() => fault().then(() => lab.fault.docker.start('h1')))
    const { databaseId, jobId } = await core.restores.start({
      backupId: backup.id,
      destinationId: rig.destinationId,
      target,
    })
    await happened
    await expectDone(core, jobId, 150_000)
    await rig.expectNoTask()
    return databaseId
  }

  test('it is restarted: the restore begins anew, and all is there', async () => {
    const { core, lab, host } = rig.on
    const name = freshName('restored')
    const id = await restoreAmid(
      { kind: 'new', hostId: host.id, name, environment: 'development' },
      () => lab.fault.docker.stop('h1'),
    )
    await expectWhole(rig.on, id)
    await discard(core, id, name)
    await startIfStopped()
  }, 200_000)

  test('in place, it crashes: the server is started again, and all is there', async () => {
    const { lab } = rig.on
    const id = await restoreAmid(
      { kind: 'in-place', databaseId: rig.databaseId, confirmName: rig.name },
      () => lab.fault.docker.kill('h1'),
    )
    expect(id).toBe(rig.databaseId)
    await expectWhole(rig.on, id)
  }, 200_000)
})

describe('a file', () => {
  let folder = ''
  let path = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'quayside-docker-file-'))
    path = join(folder, 'noise.dump.zst')
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  test('is exported: Docker is restarted amid it, and the dump begins anew', async () => {
    const { core, lab } = rig.on
    await startIfStopped()
    const happened = rig.whenUnderWay(() => lab.fault.docker.restart('h1'))
    const { jobId } = await core.transfers.exportFile({ databaseId: rig.databaseId, path })
    await happened
    await expectDone(core, jobId, 120_000)
    expect(await readdir(folder)).toEqual(['noise.dump.zst'])
    await rig.expectNoTask()
  })

  test('is exported: Docker crashes amid it, and the file is whole or is not there', async () => {
    const { core, lab } = rig.on
    await startIfStopped()
    const happened = rig.whenUnderWay(async () => {
      await lab.fault.docker.kill('h1')
      await lab.fault.docker.start('h1')
    })
    const again = join(folder, 'again.dump.gz')
    const { jobId } = await core.transfers.exportFile({ databaseId: rig.databaseId, path: again })
    await happened
    const { state, error } = await finished(core, jobId, 150_000)
    if (state !== 'done') {
      expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'engine_not_ready' })
      expect(await readdir(folder)).toEqual(['noise.dump.zst'])
      await startIfStopped()
      const next = await core.transfers.exportFile({ databaseId: rig.databaseId, path: again })
      await expectDone(core, next.jobId)
    }
    expect(await readdir(folder)).toEqual(['again.dump.gz', 'noise.dump.zst'])
    await rig.expectNoTask()
  })

  test('is imported: Docker is restarted amid it, and all of it comes in', async () => {
    const { core, lab, host } = rig.on
    const happened = whenRestoring(() => lab.fault.docker.restart('h1'))
    const name = freshName('imported')
    const { databaseId, jobId } = await core.transfers.importFile({
      path,
      hostId: host.id,
      engine: 'postgres',
      version: labVersion,
      name,
      environment: 'development',
    })
    await happened
    await expectDone(core, jobId, 150_000)
    await expectWhole(rig.on, databaseId)
    expect(await sqlOnLab(rig.on, databaseId, 'SELECT count(*) FROM noise')).toBe('40000')
    const roles = "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'imported%'"
    expect(await sqlOnLab(rig.on, databaseId, roles)).toBe('1')
    await rig.expectNoTask()
    expect(await readdir(folder)).toContain('noise.dump.zst')
    await discard(core, databaseId, name)
  }, 200_000)
})

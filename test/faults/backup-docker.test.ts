import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { RestoreInput } from '../../shared/contract/restores.ts'
import { freshName } from '../integration/docker-bench.ts'
import { backupRig, outcome, type BackupRig } from './backup-rig.ts'
import { discard, expectDone, expectWhole } from './core-on-lab.ts'

// Docker itself ends amid a dump and amid a restore: by a restart, which starts its containers again,
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
    const happened = new Promise<void>((resolve, reject) => {
      const stop = core.onEvent((event) => {
        if (event.type !== 'job-progress' || event.progress.step !== 'restore') return
        if (event.progress.text === null) return
        stop()
        fault()
          .then(() => lab.fault.docker.start('h1'))
          .then(resolve, reject)
      })
    })
    const { databaseId, jobId } = await core.restores.start({
      ...{ backupId: backup.id, destinationId: rig.destinationId, target },
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

import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { Codec } from '../../shared/backup-manifest.ts'
import type { BackupId } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { DestinationId } from '../../shared/contract/destinations.ts'
import type { JobId, JobView } from '../../shared/contract/jobs.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  finished,
  settled,
  sqlOnLab,
  type CoreOnLab,
  type CoreWish,
} from './core-on-lab.ts'

/** A database with some megabytes that don't compress, a folder for its backups, and one backup there. */
export interface BackupRig {
  on: CoreOnLab
  name: string
  databaseId: DatabaseId
  folder: string
  destinationId: DestinationId
  start(form?: { encrypt?: boolean; codec?: Codec }): Promise<Started>
  /** Runs this once the dump that is made has given its first bytes. */
  whenUnderWay(fault: () => unknown, options?: { mend: boolean }): Promise<void>
  /** The backup is there, whole, verified; nothing of another try is; what was there is as it was. */
  expectWhole(started: Started): Promise<void>
  /** No trace of it; what was there is as it was. */
  expectNothing(started: Started): Promise<void>
  /** No container of a job is left on the host. */
  expectNoTask(): Promise<void>
  close(): Promise<void>
}

export interface Started {
  id: BackupId
  jobId: JobId
}

/** How many bytes a second the way from the host has while a fault is to meet a dump. */
const slow = 3_000_000

/** `root` is where the folder for the backups is made; a temporary one where it is not given. */
export async function backupRig(
  name: string,
  { root = '', ...wish }: CoreWish & { root?: string } = {},
): Promise<BackupRig> {
  const on = await coreOnLab(wish)
  on.core.work()
  const place = root === '' ? await mkdtemp(join(tmpdir(), 'quayside-backup-faults-')) : root
  const folder = join(place, 'near')
  await mkdir(folder)
  const made = await create(on, name)
  const databaseId = made.id
  await expectDone(on.core, made.jobId)
  // Of noise, so that no codec makes it small.
  const sql = `CREATE TABLE noise AS SELECT sha512(n::text::bytea) AS a, sha512((n + 0.5)::text::bytea) AS b
    FROM generate_series(1, 40000) AS n`
  await sqlOnLab(on, databaseId, sql)
  const { id: destinationId } = await on.core.destinations.add({
    name: 'near',
    kind: 'local-folder',
    config: { folder },
    secrets: {},
  })
  const { text } = await on.core.recoveryKey.reveal({})
  await on.core.recoveryKey.confirm({ text })

  const files = () => filesIn(folder)
  const start: BackupRig['start'] = ({ encrypt = false, codec = 'zstd' } = {}) =>
    on.core.backups.create({ databaseId, destinationIds: [destinationId], codec, encrypt })
  const tasks = async (): Promise<string> =>
    (await on.lab.docker('h1', ['ps', '-aq', '--filter', 'label=io.quayside.job'])).stdout.trim()

  const first = await start()
  await expectDone(on.core, first.jobId)
  await settled(on.core)
  let before = await files()
  expect([...before.keys()].filter((file) => file.endsWith('.manifest.json'))).toHaveLength(1)

  return {
    on,
    name,
    databaseId,
    folder,
    destinationId,
    start,
    whenUnderWay: async (fault, { mend } = { mend: true }) => {
      await on.lab.fault.proxy.rate('h1', slow)
      await new Promise<void>((resolve, reject) => {
        setTimeout(() => reject(new Error('no dump was under way')), 60_000).unref()
        const stop = on.core.onEvent((event) => {
          if (event.type !== 'job-progress' || event.progress.step !== 'dump') return
          if ((event.progress.bytes ?? 0) < 500_000) return
          stop()
          Promise.resolve(fault()).then(() => resolve(), reject)
        })
      })
      if (mend) await on.lab.fault.proxy.clear('h1')
    },
    expectWhole: async ({ id }) => {
      await settled(on.core)
      const backup = (await on.core.backups.list({ databaseId })).find((one) => one.id === id)
      expect(backup?.copies).toMatchObject([{ problem: null }])
      expect(backup?.copies[0]?.verifiedAt).not.toBeNull()
      const after = await files()
      for (const [file, hash] of before) expect(after.get(file)).toBe(hash)
      // Dump, roles and manifest; the keys come with the first that is encrypted.
      const added = [...after.keys()].filter((file) => !before.has(file) && !/keys/.test(file))
      expect(added).toHaveLength(3)
      expect(await tasks()).toBe('')
      before = after
    },
    expectNothing: async ({ id }) => {
      await settled(on.core)
      const ids = (await on.core.backups.list({ databaseId })).map((one) => one.id)
      expect(ids).not.toContain(id)
      const after = await files()
      after.delete('quayside-keys.json')
      const earlier = new Map(before)
      earlier.delete('quayside-keys.json')
      expect(after).toEqual(earlier)
      expect(await tasks()).toBe('')
    },
    expectNoTask: async () => expect(await tasks()).toBe(''),
    close: async () => {
      await on.lab.fault.clear()
      await discard(on.core, databaseId, name)
      await on.close()
      await rm(folder, { recursive: true, force: true })
      if (root === '') await rm(place, { recursive: true, force: true })
    },
  }
}

/** All files in a folder, parts of some too, by their names, with a hash of what is in them. */
export async function filesIn(folder: string): Promise<Map<string, string>> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const found = new Map<string, string>()
  for (const entry of names) {
    if (!entry.isFile()) continue
    const content = await readFile(join(entry.parentPath, entry.name))
    found.set(entry.name, createHash('sha256').update(content).digest('hex'))
  }
  return found
}

/** How the job ended, in one object for a comparison. */
export async function outcome(
  on: CoreOnLab,
  { jobId }: Started,
): Promise<{ state: JobView['state']; code: string | null; step: string | null }> {
  const { state, error, steps } = await finished(on.core, jobId, 180_000)
  const step = steps.find((each) => each.state === 'failed')?.name ?? null
  return { state, code: error?.code ?? null, step }
}

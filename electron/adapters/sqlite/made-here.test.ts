import { join } from 'node:path'
import { expect, test } from 'vitest'
import { someManifest } from '../../domain/backups/manifest-fixture.ts'
import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import { standingClock, temporaryFolder } from './fixtures.ts'
import { migrations } from './migrations/index.ts'
import { openFile } from './open.ts'
import { createBackupStore } from './stores/backups.ts'

const destinationId = '2f0c5d1e-7a11-4b8e-9a39-0f7b0c1d2e3f'

test('of the copies of before, those count as made here that a job’s record tells word for word', () => {
  using folder = temporaryFolder()
  const options = { file: join(folder.path, 'quayside.db'), clock: standingClock(), busyMs: 100 }
  const before = openFile({ ...options, migrations: migrations.slice(0, 7) })
  before.run(
    `INSERT INTO destinations (id, name, kind, config, secret_names, created_at)
      VALUES (?, 'near', 'local-folder', '{}', '[]', 1)`,
    destinationId,
  )
  const job = (kind: string, step: string, { seal: _, ...output }: BackupManifest): void => {
    const id = crypto.randomUUID()
    before.run(
      `INSERT INTO jobs (id, kind, title, queue, key, state, cancel_requested, attempt, run_at, created_at)
        VALUES (?, ?, '', '', '', 'done', 0, 1, 1, 1)`,
      ...[id, kind],
    )
    before.run(
      `INSERT INTO job_steps (job_id, position, name, title, state, output)
        VALUES (?, 0, ?, '', 'done', ?)`,
      ...[id, step, JSON.stringify(output)],
    )
  }
  const known = (manifest: BackupManifest): string => {
    before.run(
      `INSERT INTO backup_copies VALUES (?, ?, ?, 1, 5, 5, 1, NULL, NULL, NULL, ?)`,
      ...[manifest.id, destinationId, manifest.database.id, JSON.stringify(manifest)],
    )
    return manifest.id
  }
  const made = someManifest()
  job('create-backup', 'dump', made)
  const copied = { ...made, object: { ...made.object, name: 'another.dump' } }
  const changed = someManifest()
  job('create-backup', 'dump', changed)
  const neverDumped = someManifest()
  job('copy-backup', 'copy', neverDumped)
  const ids = {
    made: known(made),
    changed: known({ ...changed, tables: [] }),
    scanned: known(someManifest()),
    neverDumped: known(neverDumped),
  }
  const far = '7b1e2c1a-41d9-4f0e-8d2f-9d3a4b5c6d7e'
  before.run(
    `INSERT INTO destinations (id, name, kind, config, secret_names, created_at)
      VALUES (?, 'far', 'local-folder', '{}', '[]', 1)`,
    far,
  )
  job('copy-backup', 'copy', copied)
  before.run(
    `INSERT INTO backup_copies VALUES (?, ?, ?, 1, 5, 5, 1, NULL, NULL, NULL, ?)`,
    ...[copied.id, far, copied.database.id, JSON.stringify(copied)],
  )
  before.close()

  const after = openFile({ ...options, migrations })
  const copies = createBackupStore(after).newest(10)
  after.close()
  const trusted = copies.filter(({ madeHere }) => madeHere)
  expect(copies).toHaveLength(5)
  expect(trusted.map(({ backupId }) => backupId)).toEqual([ids.made, ids.made])
})

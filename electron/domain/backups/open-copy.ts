import type { Engine } from '../../engines/engine.ts'
import type { DumpTrust } from '../../engines/engine-backup.ts'
import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import { logicalDatabaseName } from '../../../shared/names.ts'
import { localMinute } from '../../../shared/local-minute.ts'
import { generateUser } from '../databases/credentials.ts'
import type { StepContext } from '../jobs/job-definition.ts'
import type { CopyRecord } from '../ports.ts'
import { copyOf, withDestination, type BackupJobDeps } from './backup-job.ts'
import { problemListed } from './damaged-copy.ts'
import { readRoles } from './read-back.ts'
import { checkManifest, judged, readBackDeps } from './verify-copy.ts'
import { namesOf } from './view-backup.ts'

/**
 * Finds what would make a restore fail, before anything is made or touched: the destination answers,
 * the manifest is the one that was written, the key opens what lies beside the dump, and the dump is
 * there in its length.
 * @throws QuaysideError `backup_damaged`, `backup_key_missing`, `backup_key_wrong`, `not_found`
 */
export async function openCopy(
  deps: BackupJobDeps,
  input: Parameters<typeof copyOf>[1],
  step: StepContext,
): Promise<void> {
  const { signal } = step
  const copy = copyOf(deps, input)
  const { manifest } = copy
  deps.engines.get(manifest.database.engine)
  await withDestination(deps, copy.destinationId, (destination) =>
    judged(deps, copy, async () => {
      await checkManifest(deps, destination, copy, signal)
      const there = await destination.stat(namesOf(manifest).dump, { signal })
      const problem = problemListed(there?.bytes ?? null, manifest.object.bytes)
      if (problem !== null) throw problem
      await readRoles(readBackDeps(deps, copy), destination, manifest, signal)
    }),
  )
  const { database } = manifest
  step.fact(
    [
      `${database.name} of ${localMinute(Date.parse(manifest.createdAt))}`,
      `version ${database.serverVersion}`,
      manifest.object.encryption === null ? 'not encrypted' : 'the key fits',
    ].join(', '),
  )
}

/**
 * True where nothing says who made the backup: it is not sealed by a key of ours, nor did this
 * installation make it. That it speaks of a database of ours says nothing, as each manifest has that id.
 * It is restored by a role that owns the target and nothing else.
 */
export function isForeign({ manifest, madeHere }: CopyRecord): boolean {
  return manifest.object.encryption === null && !madeHere
}

/** How far what is read of a copy is known to be ours. */
export function trustOf(copy: CopyRecord): DumpTrust {
  // Each piece is authenticated as it is decrypted.
  if (copy.manifest.object.encryption !== null) return 'sealed'
  return isForeign(copy) ? 'foreign' : 'known'
}

/**
 * The version of the engine that a backup's database had, as it was chosen. The image that a manifest
 * names is never run for its own sake: it must be the one that the engine has for a version.
 */
export function versionOf(engine: Engine, { database }: BackupManifest): string {
  const tag = database.image.slice(database.image.lastIndexOf(':') + 1)
  const known = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(tag) && imageOf(engine, tag) === database.image
  return known ? tag : majorOf(database.serverVersion)
}

/** Names within the server, as they were, so that owners and grants fit; own ones where they don't fit. */
export function identityOf(
  { reservedDatabases: reserved }: Pick<Engine, 'reservedDatabases'>,
  { manifest }: CopyRecord,
): { user: string; database: string } {
  const { user, logicalName, name } = manifest.database
  const plain = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/
  const database = plain.test(logicalName) ? logicalName : logicalDatabaseName(name)
  return {
    user: plain.test(user) && !user.startsWith('pg_') ? user : generateUser(),
    database: reserved.includes(database) ? `restored_${database}` : database,
  }
}

/** `15` of `15.18`. */
export function majorOf(version: string): string {
  return /^\d+/.exec(version)?.[0] ?? version
}

/** The image from which an engine runs a version. */
export function imageOf(engine: Pick<Engine, 'server'>, version: string): string {
  return engine.server({ version, user: '', password: '', database: '' }).image
}

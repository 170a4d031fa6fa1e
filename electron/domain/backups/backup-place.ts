import type { Destination, StoredFacts } from '../../destinations/destination.ts'
import { readManifest, codecs } from '../../../shared/backup-manifest.ts'
import { backupNames, type BackupForm, type BackupNames } from '../../../shared/backup-names.ts'
import { QuaysideError, type ErrorCode } from '../../../shared/errors.ts'
import { readSmall } from './small-object.ts'

/** Where a backup lies, before it is known how it is compressed. */
export interface BackupPlace {
  manifest: string
  named(form: BackupForm): BackupNames
  /** How the names of all its objects begin. */
  prefix: string
  /** Every name that an object of this backup may have, but for the manifest. */
  objects(): string[]
}

export function backupPlace(backup: {
  container: string
  databaseId: string
  madeAt: number
}): BackupPlace {
  const identity = { ...backup, createdAt: backup.madeAt }
  const named = (form: BackupForm): BackupNames => backupNames(identity, form)
  const { manifest } = named({ codec: 'none', encrypted: false })
  return {
    manifest,
    prefix: manifest.slice(0, -'manifest.json'.length),
    named,
    objects: () => [
      ...new Set(
        [true, false].flatMap((encrypted) =>
          codecs.flatMap((codec) => {
            const { dump, roles } = named({ codec, encrypted })
            return [dump, roles]
          }),
        ),
      ),
    ],
  }
}

/**
 * Takes away what a try that was cut has left. Where a manifest lies, it is no leftover but somebody's
 * backup, and nothing is touched.
 * @throws QuaysideError `name_taken` where there is a manifest
 */
export async function removeUnfinished(
  destination: Destination,
  place: BackupPlace,
  signal: AbortSignal,
): Promise<void> {
  const manifest = await destination.stat(place.manifest, { signal })
  if (manifest !== null && !isNameOnly(manifest)) {
    throw new QuaysideError('name_taken', 'A backup of that very second lies there already.', {
      hint: 'Another installation backs up the same database. Try again.',
    })
  }
  await removeDump(destination, place, signal)
}

/** Takes away all of a backup but its manifest, and parts of it. Look for that first: it may be somebody's. */
export async function removeDump(
  destination: Destination,
  place: BackupPlace,
  signal: AbortSignal,
): Promise<void> {
  await sweepUnfinished(destination, place.prefix, signal)
  const ours = new Set(place.objects())
  const found: string[] = []
  for await (const { name } of destination.list(place.prefix, { signal })) {
    if (ours.has(name)) found.push(name)
  }
  for (const name of found) await destination.remove(name, { signal })
}

const cannotLook: ReadonlySet<ErrorCode> = new Set(['destination_denied', 'destination_failed'])

/** Parts of objects that never came to be: the try that wrote them is over, however young they are. */
export async function sweepUnfinished(
  destination: Destination,
  prefix: string,
  signal: AbortSignal,
): Promise<void> {
  try {
    await destination.sweep({ signal, olderThanMs: 0, prefix })
  } catch (thrown) {
    // Some credentials may not look for parts, some servers can't: those cost room, and harm no backup.
    if (!(thrown instanceof QuaysideError) || !cannotLook.has(thrown.code)) throw thrown
  }
}

/**
 * True for an object that is but a name. Where a file system knows no hard links, an exclusive put takes
 * the name by an empty file first; one that was killed right then has left it. No object of ours is empty.
 */
export function isNameOnly({ bytes }: Pick<StoredFacts, 'bytes'>): boolean {
  return bytes === 0
}

/** Takes away a manifest if it is this backup's, or but a name. The objects come after: without it they are nothing. */
export async function removeManifest(
  destination: Destination,
  place: BackupPlace,
  backupId: string,
  signal: AbortSignal,
): Promise<void> {
  const text = await readSmall(destination, place.manifest, signal)
  if (text === null || (text !== '' && readManifest(text).id !== backupId)) return
  await destination.remove(place.manifest, { signal })
}

import { readManifest, writeManifest } from '../../../shared/backup-manifest.ts'
import { QuaysideError, toErrorData, type ErrorCode } from '../../../shared/errors.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { Destination } from '../../destinations/destination.ts'
import type { JobDefinition, StepContext } from '../jobs/job-definition.ts'
import type { CopyRecord } from '../ports.ts'
import {
  copyOf,
  laterCopiesSchema,
  withDestination,
  type BackupJobDeps,
  type LaterCopies,
} from './backup-job.ts'
import { foundByRead, gone } from './damaged-copy.ts'
import { readBack } from './read-back.ts'
import { checkSeal } from './seal.ts'
import { readSmall } from './small-object.ts'
import {
  headerBytes,
  headerFits,
  objectKeys,
  readHeader,
  wrongKey,
  type BackupKey,
} from './stream/cipher-format.ts'
import { namesOf } from './view-backup.ts'

/** What says that a copy itself is bad, and not just the way to it. */
const verdicts: ReadonlySet<ErrorCode> = new Set([
  'backup_damaged',
  'backup_key_missing',
  'backup_key_wrong',
  'not_found',
])

/** Reads a copy back whole: its manifest and seal, stored, decrypted and decompressed bytes. */
export function verifyCopyJob(deps: BackupJobDeps): JobDefinition<LaterCopies> {
  return {
    kind: jobKinds.verifyBackup,
    heavy: true,
    input: laterCopiesSchema,
    cancellable: true,
    steps: () => [{ name: 'read', title: 'Read it back, decrypt, decompress and compare' }],
    run: async (input, job) => {
      await job.effect({
        name: 'read',
        run: async (step) => {
          const copy = copyOf(deps, input)
          await judged(deps, copy, () => verify(deps, copy, step))
          deps.stores.transaction(() => {
            deps.stores.backups.update(copy.backupId, copy.destinationId, {
              verifiedAt: deps.clock.now(),
              problem: null,
            })
            deps.follow.verified(input, { first: copy.verifiedAt === null })
          })
          deps.publish({ type: 'changed', topic: 'backups' })
          step.fact('Every byte is as it was written')
        },
      })
    },
    undo: {},
  }
}

/**
 * Writes down what makes a copy one that can't be relied on, wherever it is found. Damage is counted: one
 * read is no proof of it.
 */
export async function judged<T>(
  deps: Pick<BackupJobDeps, 'stores' | 'publish'>,
  copy: Pick<CopyRecord, 'backupId' | 'destinationId'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (thrown instanceof QuaysideError && verdicts.has(thrown.code)) {
      const { backupId, destinationId } = copy
      const { backups } = deps.stores
      const before = backups.get(backupId, destinationId)?.problem ?? null
      backups.update(backupId, destinationId, { problem: foundByRead(toErrorData(thrown), before) })
      deps.publish({ type: 'changed', topic: 'backups' })
    }
    throw thrown
  }
}

async function verify(deps: BackupJobDeps, copy: CopyRecord, step: StepContext): Promise<void> {
  const { signal } = step
  const { manifest } = copy
  await withDestination(deps, copy.destinationId, async (destination) => {
    await checkManifest(deps, destination, copy, signal)
    const total = manifest.object.bytes
    await readBack(readBackDeps(deps, copy), destination, manifest, {
      signal,
      onFlow: ({ bytes, bytesPerSecond }) =>
        step.progress({ bytes, totalBytes: total, bytesPerSecond }),
    })
  })
}

/** What reading a copy needs: the keys of its own destination. */
export function readBackDeps(
  deps: BackupJobDeps,
  { destinationId }: Pick<CopyRecord, 'destinationId'>,
): Parameters<typeof readBack>[0] {
  return {
    clock: deps.clock,
    codecs: deps.codecs,
    findKey: async (keyId) => (await deps.keys.byId(destinationId, keyId)).bytes,
  }
}

/**
 * Compares the manifest at the destination with what is known of the copy, and its seal with its key.
 * @throws QuaysideError `backup_damaged`, `not_found`, `backup_key_missing`, `backup_key_wrong`
 */
export async function checkManifest(
  deps: Pick<BackupJobDeps, 'keys'>,
  destination: Destination,
  { manifest, destinationId }: CopyRecord,
  signal: AbortSignal,
): Promise<void> {
  const name = namesOf(manifest).manifest
  const text = await readSmall(destination, name, signal)
  if (text === null) throw gone(name)
  const there = readManifest(text)
  if (writeManifest(there) !== writeManifest(manifest)) {
    throw new QuaysideError('backup_damaged', 'The backup’s manifest has been changed.', {
      hint: 'Use another copy or another backup.',
      detail: `${name} is not what was written there`,
    })
  }
  const { encryption } = manifest.object
  if (encryption === null) return
  const key = await deps.keys.byId(destinationId, encryption.keyId)
  try {
    checkSeal(there, key)
  } catch (thrown) {
    // A key that is another's seals nothing as it was: only the dump tells the two apart.
    await refuseWrongKey(destination, namesOf(manifest).dump, key, signal)
    throw thrown
  }
}

/** @throws QuaysideError `backup_key_wrong` where an object was not encrypted with this key */
async function refuseWrongKey(
  destination: Destination,
  name: string,
  key: BackupKey,
  signal: AbortSignal,
): Promise<void> {
  const content = await destination.get(name, { signal })
  let head = Buffer.alloc(0)
  // Leaving the loop ends the read.
  for await (const piece of content) {
    head = Buffer.concat([head, Buffer.from(piece as Uint8Array)])
    if (head.length >= headerBytes) break
  }
  const header = readHeader(head.subarray(0, headerBytes))
  if (header.keyId !== key.id || headerFits(header, objectKeys(key.bytes, header.salt).mac)) return
  throw wrongKey(key.id)
}

import * as z from 'zod'
import { destinationIdSchema } from '../../../shared/contract/destinations.ts'
import { backupIdSchema } from '../../../shared/contract/backups.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import { undo, type JobDefinition, type StepContext } from '../jobs/job-definition.ts'
import { copyOf, laterCopiesSchema, withDestination, type BackupJobDeps } from './backup-job.ts'
import { backupPlace, removeManifest, removeUnfinished } from './backup-place.ts'
import {
  encryptionOf,
  lastPart,
  putText,
  unsealedSchema,
  type Unsealed,
} from './describe-backup.ts'
import { encryptionKey } from './encryption-key.ts'
import { keepCopy } from './keep-copy.ts'
import { readRoles, withCompressed } from './read-back.ts'
import { digest } from './stream/digest.ts'
import { encrypt } from './stream/encrypt.ts'
import { judged, readBackDeps } from './verify-copy.ts'

/** A verified copy, and where another one shall lie. */
export const copyBackupSchema = laterCopiesSchema.extend({ to: destinationIdSchema })
export type CopyBackupInput = z.infer<typeof copyBackupSchema>

const leftSchema = z.object({
  backupId: backupIdSchema,
  to: destinationIdSchema,
  container: z.string(),
  databaseId: z.string(),
  madeAt: z.int(),
})

/** Copies a backup to another destination, under that one's own key. */
export function copyBackupJob(deps: BackupJobDeps): JobDefinition<CopyBackupInput> {
  return {
    kind: jobKinds.copyBackup,
    heavy: true,
    input: copyBackupSchema,
    cancellable: true,
    steps: () => [
      { name: 'copy', title: 'Read, compare and store again' },
      { name: 'manifest', title: 'Write the manifest' },
    ],
    run: async (input, job) => {
      const { manifest, madeAt, madeHere } = copyOf(deps, input)
      const { container, id: databaseId } = manifest.database
      const left = { backupId: input.backupId, to: input.to, container, databaseId, madeAt }
      const described = await job.step({
        name: 'copy',
        output: unsealedSchema,
        undo: { name: 'remove-objects', input: left },
        run: (step) => copy(deps, input, step),
      })
      await job.effect({
        name: 'manifest',
        undo: { name: 'remove-manifest', input: left },
        run: async (step) => {
          await withDestination(deps, input.to, (destination) =>
            keepCopy(deps, destination, input.to, { described, madeHere }, step.signal),
          )
          deps.follow.made({ ...input, destinationId: input.to, followers: [] })
        },
      })
    },
    undo: {
      'remove-objects': undo(leftSchema, (left, signal) =>
        withDestination(deps, left.to, (destination) =>
          removeUnfinished(destination, backupPlace(left), signal),
        ),
      ),
      'remove-manifest': undo(leftSchema, async (left, signal) => {
        await withDestination(deps, left.to, (destination) =>
          removeManifest(destination, backupPlace(left), left.backupId, signal),
        )
        deps.stores.backups.remove(left.backupId, left.to)
      }),
    },
  }
}

async function copy(
  deps: BackupJobDeps,
  input: CopyBackupInput,
  step: StepContext,
): Promise<Unsealed> {
  const { signal } = step
  const source = copyOf(deps, input)
  const { manifest } = source
  const place = backupPlace({
    ...manifest.database,
    databaseId: manifest.database.id,
    madeAt: source.madeAt,
  })
  return withDestination(deps, input.destinationId, (from) =>
    withDestination(deps, input.to, async (to) => {
      await removeUnfinished(to, place, signal)
      // A copy is encrypted as its source is: what was meant to be readable without a key stays so.
      const key =
        manifest.object.encryption === null ? null : await encryptionKey(deps, to, input.to, signal)
      const names = place.named({ codec: manifest.dump.codec, encrypted: key !== null })
      const stored = digest()
      const reading = readBackDeps(deps, source)
      await judged(deps, source, () =>
        withCompressed(
          reading,
          from,
          manifest,
          {
            signal,
            onFlow: ({ bytes, bytesPerSecond }) =>
              step.progress({ bytes, totalBytes: manifest.object.bytes, bytesPerSecond }),
          },
          {
            name: 'the destination',
            stages: [
              ...(key === null ? [] : [{ name: 'the encryption', stream: encrypt(key) }]),
              { name: 'the transfer', stream: stored.stage },
            ],
            take: (content, ending) =>
              to.put(names.dump, content, {
                signal: ending,
                exclusive: true,
                expectedBytes: manifest.object.bytes,
              }),
          },
        ),
      )
      const companions = []
      const roles = await readRoles(reading, from, manifest, signal)
      if (roles !== null) {
        const put = await putText(to, names.roles, roles, key, { deps, signal })
        companions.push({ kind: 'roles' as const, name: lastPart(names.roles), ...put })
      }
      step.fact(`${formatBytes(stored.result().bytes)} stored`)
      const { seal: _, ...rest } = manifest
      return unsealedSchema.parse({
        ...rest,
        object: {
          name: lastPart(names.dump),
          ...stored.result(),
          encryption: encryptionOf(key),
        },
        companions,
      })
    }),
  )
}

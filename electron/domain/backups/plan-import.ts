import type { CreateDatabaseInput } from '../../../shared/contract/databases.ts'
import type { ImportPlan } from '../../../shared/contract/transfers.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { planCreate } from '../databases/plan-create.ts'
import type { DatabaseJobDeps } from '../databases/database-job.ts'
import { quickFillBytes } from './quick-fill.ts'
import { describeFile, type FilePeek } from './look-at-file.ts'

type Create = CreateDatabaseInput & { image: string; containerName: string; volumeName: string }

/** Exactly what the import of a file would do; throws as `planCreate`. */
export async function planImportFile(
  deps: DatabaseJobDeps,
  { path, found, create }: { path: string; found: FilePeek; create: Create },
  signal?: AbortSignal,
): Promise<ImportPlan> {
  const { actions } = await planCreate(deps, create, signal)
  const custom = found.format === 'custom'
  return {
    found: describeFile(found),
    actions: [
      { verb: 'read', text: `${path} to its end, and hash it` },
      ...actions,
      ...(custom ? [quickly(create)] : []),
      { verb: 'send', text: `${formatBytes(found.bytes)}, hashed here and on the host` },
      custom
        ? { verb: 'parse', text: 'the dump to its end, then restore it' }
        : { verb: 'run', text: 'its statements, up to the first that fails' },
      ...ending(create),
    ],
    warnings: [
      custom
        ? 'Owners and grants are left out: all of it will belong to the new database’s own user.'
        : 'A statement that wants more than the owner of a database may, such as giving a table to a role that is not there, ends the import.',
    ],
    scratchBytes: found.codec === 'none' ? found.bytes : null,
  }
}

function quickly({ containerName }: Create): ImportPlan['actions'][number] {
  const large = formatBytes(quickFillBytes)
  return {
    verb: 'restart',
    text: `${containerName} to be filled faster, and back after, if the dump is over ${large}`,
  }
}

function ending({ containerName }: Create): ImportPlan['actions'] {
  return [
    { verb: '', text: 'by a role that may do nothing outside the new database' },
    { verb: 'count', text: 'the rows of every table' },
    { verb: 'keep', text: `${containerName} only if all of it came in` },
  ]
}

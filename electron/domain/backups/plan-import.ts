import type { CreateDatabaseInput } from '../../../shared/contract/databases.ts'
import type { ImportPlan } from '../../../shared/contract/transfers.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { planCreate } from '../databases/plan-create.ts'
import type { DatabaseJobDeps } from '../databases/database-job.ts'
import { quickFillBytes } from './quick-fill.ts'
import { belongings } from './plan-restore.ts'
import { describeFile, type FilePeek } from './look-at-file.ts'
import { describeSource, type SourceFacts } from './look-at-source.ts'

const ownersLeftOut = `Owners and grants are left out. ${belongings}`

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
      ...ending(create, 'the rows of every table'),
    ],
    warnings: [
      custom
        ? ownersLeftOut
        : `A statement that wants more than the owner of a database may, such as giving a table to a role that is not there, ends the import. ${belongings}`,
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

/** Exactly what the import from a server elsewhere would do; throws as `planCreate`. */
export async function planImportServer(
  deps: DatabaseJobDeps,
  { found, create }: { found: SourceFacts; create: Create },
  signal?: AbortSignal,
): Promise<ImportPlan> {
  const { actions } = await planCreate(deps, create, signal)
  return {
    found: describeSource(found),
    actions: [
      { verb: 'log in', text: `to ${found.place}, from the host; nothing is changed there` },
      ...actions,
      { verb: 'dump', text: 'by a task on the host, of one moment, checked while it is made' },
      { verb: 'keep', text: 'the dump on this computer until it is restored' },
      { verb: 'send', text: 'it, hashed here and on the host' },
      { verb: 'parse', text: 'the dump to its end, then restore it' },
      ...ending(create, 'the rows of every table, and compare with those dumped'),
    ],
    warnings: [ownersLeftOut, ...extensionsOf(found)],
    scratchBytes: null,
  }
}

/**
 * Whether an image has them, only it can say; a dump that wants what is not there is thrown away. Those
 * that only a superuser may make are made before.
 */
function extensionsOf({ extensions }: SourceFacts): string[] {
  if (extensions.length === 0) return []
  return [`Needs ${extensions.join(', ')}: extensions that the new database’s image must have.`]
}

function ending({ containerName }: Create, counted: string): ImportPlan['actions'] {
  return [
    { verb: '', text: 'by a role that may do nothing outside the new database' },
    { verb: 'count', text: counted },
    { verb: 'keep', text: `${containerName} only if all of it came in` },
  ]
}

import type { BackupView } from '../../../shared/contract/backups.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { Core } from '../../domain/core.ts'
import type { Action } from '../command.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { findDatabase, findNarrowing } from '../find-database.ts'
import { glance } from '../find-host.ts'
import { table } from '../table.ts'
import { age } from '../words.ts'
import { copyState, describeBackup } from './describe-backup.ts'
import { findBackup } from './find-backup.ts'

/** `backup list [DATABASE]` */
export const listBackups: Action = async (cli, [reference], options) => {
  const core = await cli.core()
  const query = { reference: reference ?? '', options, place: 'either' } as const
  const found = reference === undefined ? undefined : await findDatabase(core, query, cli.signal)
  const input = found === undefined ? {} : { databaseId: found.id }
  const known = await core.backups.list(input, { signal: cli.signal })
  const backups =
    found === undefined ? await narrowed(core, known, { options, signal: cli.signal }) : known
  const now = cli.io.now()
  cli.out.result(backups, () => {
    if (known.length > 0 && backups.length === 0) return 'No backups that fit.'
    if (backups.length === 0) {
      return `No backups yet. "quayside backup create ${found?.name ?? 'DATABASE'}" makes one.`
    }
    const rows = backups.flatMap((backup) =>
      backup.copies.map((copy) => [
        backup.id.slice(0, 8),
        backup.databaseName,
        age(backup.createdAt, now),
        formatBytes(backup.plainBytes),
        copy.destinationName,
        copyState(copy, now),
      ]),
    )
    return table(['id', 'database', 'made', 'size', 'copy at', 'state'], rows)
  })
}

/** By where its database is now; of one that is gone, by where it was. */
async function narrowed(
  core: Core,
  backups: readonly BackupView[],
  { options, signal }: { options: Readonly<Record<string, unknown>>; signal: AbortSignal },
): Promise<readonly BackupView[]> {
  const isMeant = await findNarrowing(core, options, signal)
  const databases = await core.databases.list({}, { signal: glance(signal) })
  const byId = new Map<string | null, DatabaseView>(databases.map((one) => [one.id, one]))
  return backups.filter((backup) => isMeant(byId.get(backup.databaseId) ?? backup))
}

/** `backup show BACKUP` */
export const showBackup: Action = async (cli, [reference = '']) => {
  const core = await cli.core()
  const backup = await findBackup(core, reference, cli.signal)
  const tables = await core.backups.tables({ id: backup.id }, { signal: cli.signal })
  cli.out.result({ ...backup, rowsByTable: tables }, () =>
    describeBackup(backup, cli.io.now(), tables),
  )
}

import type { Action } from '../command.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { findDatabase } from '../find-database.ts'
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
  const backups = await core.backups.list(input, { signal: cli.signal })
  const now = cli.io.now()
  cli.out.result(backups, () => {
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

/** `backup show BACKUP` */
export const showBackup: Action = async (cli, [reference = '']) => {
  const core = await cli.core()
  const backup = await findBackup(core, reference, cli.signal)
  const tables = await core.backups.tables({ id: backup.id }, { signal: cli.signal })
  cli.out.result({ ...backup, rowsByTable: tables }, () =>
    describeBackup(backup, cli.io.now(), tables),
  )
}

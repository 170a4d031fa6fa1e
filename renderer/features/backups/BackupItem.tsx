import type { BackupView } from '../../../shared/contract/backups.ts'
import { formatBytes, formatClock, formatDay, plural } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { Moment } from '../../ui/Age.tsx'
import { Disclosure } from '../../ui/Disclosure.tsx'
import { CopyRow } from './CopyRow.tsx'
import { TableRows } from './TableRows.tsx'
import classes from './DatabaseBackups.module.css'

/** One backup: when, how large, and each of its copies. */
export function BackupItem({ backup }: { backup: BackupView }) {
  const { id, createdAt, plainBytes, tables, rows, codec, serverVersion, warnings } = backup
  const now = useNow()
  const when = `${formatDay(createdAt, now)}, ${formatClock(createdAt)}`
  const facts = [
    `${plural(tables, 'table')}, ${plural(rows, 'row')}`,
    `server ${serverVersion}`,
    codec === 'none' ? 'not compressed' : codec,
  ]
  return (
    <section className={classes.backup} aria-label={`Backup of ${when}`}>
      <div className={classes.backupHead}>
        <h2 className={classes.when}>
          <Moment at={createdAt}>{when}</Moment>
        </h2>
        <b>{formatBytes(plainBytes)}</b>
        <span className={classes.facts}>{facts.join(', ')}</span>
      </div>
      <table className={classes.copies}>
        <thead>
          <tr>
            <th scope="col">Copy at</th>
            <th scope="col">Created</th>
            <th scope="col">Verified</th>
            <th scope="col">Restored</th>
            <th scope="col">
              <span className={classes.unseen}>Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {backup.copies.map((copy) => (
            <CopyRow key={copy.destinationId} backup={backup} copy={copy} />
          ))}
        </tbody>
      </table>
      <div className={classes.more}>
        {warnings.length > 0 && (
          <Disclosure title={`${plural(warnings.length, 'warning')} of the dump`}>
            <ul className={classes.warnings}>
              {warnings.map((warning, index) => (
                <li key={index}>{warning}</li>
              ))}
            </ul>
          </Disclosure>
        )}
        <Disclosure title="Rows of its tables">
          <TableRows id={id} />
        </Disclosure>
      </div>
    </section>
  )
}

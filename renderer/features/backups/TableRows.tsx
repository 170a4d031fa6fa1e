import { useQuery } from '@tanstack/react-query'
import type { BackupId } from '../../../shared/contract/backups.ts'
import { formatCount } from '../../lib/format.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { tablesQuery } from './queries.ts'
import classes from './DatabaseBackups.module.css'

/** How many rows each table of a backup has. */
export function TableRows({ id }: { id: BackupId }) {
  const tables = useQuery(tablesQuery(id))
  if (tables.isError) return <ErrorBox error={tables.error} />
  if (tables.data === undefined) return <LoadingRows count={2} height={28} />
  if (tables.data.length === 0) return <p className={classes.quiet}>It has no tables.</p>
  return (
    <table className={classes.tables}>
      <tbody>
        {tables.data.map(({ schema, name, rows }) => (
          <tr key={`${schema}.${name}`}>
            <th scope="row">
              {schema === 'public' ? '' : `${schema}.`}
              {name}
            </th>
            <td>{formatCount(rows)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

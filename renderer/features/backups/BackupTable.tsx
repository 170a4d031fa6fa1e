import { useQuery } from '@tanstack/react-query'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { plural } from '../../lib/format.ts'
import { isInside, moveFocus } from '../../lib/list-keys.ts'
import { enginesQuery } from '../engines/queries.ts'
import { jobsQuery } from '../jobs/queries.ts'
import { hasFailed, hasVanished, isLate, isNever, type BackupRow } from './backup-rows.ts'
import { BackupTableRow } from './BackupTableRow.tsx'
import { DestinationLooks } from './DestinationLooks.tsx'
import { OrphanBackups } from './OrphanBackups.tsx'
import { runningBackup } from './queries.ts'
import classes from './Backups.module.css'

/** The databases with their backups, and one line that counts them. */
export function BackupTable({
  rows,
  shown,
  inView,
  onView,
  onBackUp,
}: {
  rows: readonly BackupRow[]
  shown: readonly BackupRow[]
  /** The database that stands beside the list. */
  inView: string | undefined
  onView: (databaseId: string) => void
  onBackUp: (database: DatabaseView) => void
}) {
  const [, navigate] = useLocation()
  const engines = useQuery(enginesQuery).data
  const jobs = useQuery(jobsQuery).data ?? []
  return (
    <>
      <Summary rows={rows} running={rows.filter((row) => runningOf(row) !== undefined).length} />
      <div
        role="table"
        aria-label="Databases and their backups"
        className={classes.table}
        onFocus={({ target }) => {
          const row = target.closest<HTMLElement>('[data-database]')
          if (row?.dataset['database'] !== undefined) onView(row.dataset['database'])
        }}
        onClick={(event) => {
          const { target } = event
          if (!isInside(event) || !(target instanceof Element)) return
          // The row itself, with no link laid over it: that would hide what its cells tell on hover.
          const row = target.closest<HTMLElement>('[data-database]')
          if (row === null || target.closest('a, button') !== null) return
          navigate(`/backups/${row.dataset['database'] ?? ''}`)
        }}
        onKeyDown={(event) => {
          moveFocus(event, '[role="row"][tabindex]')
          if (event.key !== 'Enter' || !isInside(event)) return
          const { target } = event
          if (target instanceof HTMLElement && target.dataset['database'] !== undefined)
            navigate(`/backups/${target.dataset['database']}`)
        }}
      >
        <div role="row" className={classes.head}>
          <span role="columnheader" className={classes.firstHead}>
            Database
          </span>
          <span role="columnheader">Environment</span>
          <span role="columnheader">Next</span>
          <span role="columnheader">On site</span>
          <span role="columnheader">Off-site</span>
          <span role="columnheader" className={classes.sizeHead}>
            Size
          </span>
        </div>
        {shown.map((row) => (
          <BackupTableRow
            key={row.database.id}
            row={row}
            inView={row.database.id === inView}
            engine={engines?.find(({ id }) => id === row.database.engine)}
            job={runningOf(row)}
            onBackUp={() => {
              onBackUp(row.database)
            }}
          />
        ))}
        {shown.length === 0 && <div className={classes.nothing}>No database fits.</div>}
      </div>
      <OrphanBackups />
    </>
  )

  function runningOf({ database }: BackupRow) {
    return runningBackup(jobs, database.id)
  }
}

function Summary({ rows, running }: { rows: readonly BackupRow[]; running: number }) {
  const safe = rows.filter(({ offSite }) => offSite.newest !== null).length
  const vanished = rows.filter(hasVanished).length
  const failed = rows.filter(hasFailed).length
  const late = rows.filter(isLate).length
  const unproven = rows.filter((row) => row.unproven !== null).length
  const never = rows.filter(isNever).length
  return (
    <p className={classes.summary}>
      <span className={classes.strong}>
        <b>
          {safe} of {rows.length}
        </b>{' '}
        databases have a backup off-site.
      </span>
      {vanished > 0 && <span className={classes.bad}>{vanished} with backups gone</span>}
      {failed > 0 && <span className={classes.bad}>{failed} failed</span>}
      {late > 0 && <span className={classes.late}>{late} late</span>}
      {unproven > 0 && (
        <span className={classes.late}>{plural(unproven, 'test restore')} failed</span>
      )}
      {running > 0 && <span>{running} running</span>}
      {never > 0 && <span>{never} never backed up</span>}
      <DestinationLooks />
    </p>
  )
}

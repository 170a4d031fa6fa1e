import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import { plural } from '../../lib/format.ts'
import { backupsQuery, withoutDatabase } from './queries.ts'
import classes from './Backups.module.css'

/** The way to backups of databases that are gone, or that another installation has made. */
export function OrphanBackups() {
  const count = withoutDatabase(useQuery(backupsQuery).data ?? []).length
  if (count === 0) return null
  return (
    <p className={classes.foot}>
      {plural(count, 'more backup')} of databases that are not here.{' '}
      <Link href="/backups/others">Show them</Link>
    </p>
  )
}

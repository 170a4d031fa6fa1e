import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { BackupFreshness } from '../../../shared/contract/backups.ts'
import { Age } from '../../ui/Age.tsx'
import classes from './Proof.module.css'

/** When a backup last became a database with the same rows, and whether a try since then failed. */
export function Proof({ provenAt, unproven }: Pick<BackupFreshness, 'provenAt' | 'unproven'>) {
  return (
    <>
      {provenAt === null ? 'never' : <Age at={provenAt} />}
      {unproven !== null && (
        <Link
          href={`/activity/${unproven.jobId}`}
          className={classes.failed ?? ''}
          title={unproven.error.message}
        >
          <IconAlertTriangle size={14} stroke={1.6} color="var(--q-warn-shape)" aria-hidden />
          test failed <Age at={unproven.at} />
        </Link>
      )}
    </>
  )
}

import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { Link } from 'wouter'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { environmentLabels } from '../../../shared/names.ts'
import { bytesSoFar, formatBytes, noValue } from '../../lib/format.ts'
import { useJobProgress } from '../../lib/live.ts'
import { Age, Until } from '../../ui/Age.tsx'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { Sparkline } from '../../ui/Sparkline.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { isLate, type BackupRow, type BackupSide } from './backup-rows.ts'
import { CopySign } from './CopySign.tsx'
import { SideCell } from './SideCell.tsx'
import classes from './Backups.module.css'

/** One database in the list of backups; it opens its page. */
export function BackupTableRow({
  row,
  inView,
  engine,
  job,
  onBackUp,
}: {
  row: BackupRow
  /** It stands beside the list. */
  inView: boolean
  engine: EngineInfo | undefined
  /** The job that makes a backup of it now. */
  job: JobView | undefined
  onBackUp: () => void
}) {
  const { database, onSite, offSite, bytes, trend } = row
  const { id, name, environment, hostName } = database
  const names = [
    classes.row,
    environment === 'production' && classes.production,
    inView && classes.inView,
  ]
  return (
    <div
      role="row"
      tabIndex={0}
      data-database={id}
      aria-label={`${name}, ${environmentLabels[environment]}`}
      className={names.filter(Boolean).join(' ')}
    >
      <span role="cell" className={classes.name}>
        <EngineIcon path={engine?.icon} />
        <span className={classes.nameText}>
          <Link href={`/backups/${id}`} className={classes.link ?? ''} tabIndex={-1}>
            {name}
          </Link>
          <span className={classes.second}>{hostName}</span>
        </span>
      </span>
      <span role="cell">
        <EnvironmentMark environment={environment} />
      </span>
      <span role="cell" className={classes.next}>
        <Next at={row.nextRunAt} late={isLate(row)} />
      </span>
      <span role="cell" className={classes.cell}>
        {job !== undefined ? (
          <Running job={job} />
        ) : row.unproven !== null && isCalm(onSite) ? (
          <Unproven unproven={row.unproven} newest={onSite.newest?.at ?? null} />
        ) : (
          <SideCell side={onSite} />
        )}
      </span>
      <span role="cell" className={classes.cell}>
        <SideCell side={offSite} />
      </span>
      <span role="cell" className={classes.trend}>
        <Sparkline
          points={trend.map((value, index) => ({ at: index, value }))}
          top={0}
          label={`Sizes of the last backups of ${name}`}
        />
      </span>
      <span role="cell" className={classes.size}>
        {bytes === null ? noValue : formatBytes(bytes)}
      </span>
      <span className={classes.actions} role="cell">
        <Button
          size="xs"
          aria-label={`Back up now: ${name}`}
          disabled={job !== undefined}
          onClick={onBackUp}
        >
          Back up now
        </Button>
      </span>
    </div>
  )
}

/** True where nothing else is to be told of a side. */
function isCalm({ failed, late, vanished }: BackupSide): boolean {
  return failed === null && !late && vanished.length === 0
}

/** When a schedule backs it up next, and whether that is overdue already. */
function Next({ at, late }: { at: number | null; late: boolean }) {
  if (late) {
    return (
      <span className={classes.late}>
        <IconAlertTriangle size={14} stroke={1.6} aria-hidden /> Late
      </span>
    )
  }
  if (at === null) return <>{noValue}</>
  return (
    <>
      in <Until at={at} />
    </>
  )
}

/** How far the backup is that is made now. */
function Running({ job }: { job: JobView }) {
  const progress = useJobProgress(job.id)
  const step = job.steps.find(({ state }) => state === 'running')
  const bytes = progress !== undefined && progress.step === step?.name ? progress.bytes : null
  return (
    <span className={classes.side}>
      <StateDot kind="working" label="Running" />
      <span className={classes.sideWords}>
        {job.state === 'waiting' ? 'Waiting' : 'Backing up'}
        <span className={classes.second}>
          {bytes === null ? step?.title : bytesSoFar(bytes, progress?.totalBytes ?? null)}
        </span>
      </span>
    </span>
  )
}

/** There is a backup, and the last try to restore one came to nothing. */
function Unproven(props: { unproven: NonNullable<BackupRow['unproven']>; newest: number | null }) {
  const { unproven, newest } = props
  return (
    <span className={classes.side} title={unproven.error.message}>
      <CopySign state="doubtful" />
      <span className={classes.sideWords}>
        {newest === null ? noValue : <Age at={newest} />}
        <span className={classes.second}>test failed</span>
      </span>
    </span>
  )
}

import { Link } from 'wouter'
import type {
  BackupCopyView,
  BackupFreshness,
  BackupView,
} from '../../../shared/contract/backups.ts'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import { formatBytes, formatClock, formatDay, noValue, plural } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { Moment, Until } from '../../ui/Age.tsx'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { bestOf, sideOf, type BackupRow } from './backup-rows.ts'
import { CopySign } from './CopySign.tsx'
import { Proof } from './Proof.tsx'
import { SideCell } from './SideCell.tsx'
import classes from './BackupsRail.module.css'

/** As many of the newest backups stand beside the list; the page of the database has them all. */
const shownBackups = 7

/** The chosen database beside the list: how fresh it is at each destination, and its newest backups. */
export function BackupsRail(props: {
  row: BackupRow
  /** Its own, newest first. */
  backups: readonly BackupView[]
  freshness: BackupFreshness | undefined
  destinations: readonly DestinationView[]
  engine: EngineInfo | undefined
}) {
  const { row, backups, freshness, destinations, engine } = props
  const { id, name, environment, hostName } = row.database
  const copies = backups.flatMap((backup) => backup.copies)
  const away = new Set(destinations.filter(({ offSite }) => offSite).map((each) => each.id))
  return (
    <section aria-label={`Backups of ${name} on ${hostName}`}>
      <h2 className={classes.name}>
        <EngineIcon path={engine?.icon} />
        {name}
        <EnvironmentMark environment={environment} />
      </h2>
      <Facts labelWidth={88}>
        <FactRow label="Next">
          {row.nextRunAt === null ? (
            noValue
          ) : (
            <>
              in <Until at={row.nextRunAt} />
            </>
          )}
        </FactRow>
        <FactRow label="Restored">
          <Proof provenAt={row.provenAt} unproven={row.unproven} />
        </FactRow>
        <FactRow label="Stored">
          {copies.length === 0
            ? noValue
            : `${formatBytes(copies.reduce((sum, { bytes }) => sum + bytes, 0))} in ${plural(copies.length, 'copy', 'copies')}`}
        </FactRow>
      </Facts>
      {destinations.length > 0 && (
        <Facts title="Newest at" labelWidth={128}>
          {destinations.map((destination) => (
            <FactRow key={destination.id} label={destination.name}>
              <SideCell side={sideOf(backups, freshness, (at) => at === destination.id)} />
            </FactRow>
          ))}
        </Facts>
      )}
      {backups.length > 0 && (
        <>
          <table className={classes.copies}>
            <thead>
              <tr>
                <th scope="col">Backups</th>
                <th scope="col">Size</th>
                <th scope="col">On site</th>
                <th scope="col">Off-site</th>
              </tr>
            </thead>
            <tbody>
              {backups.slice(0, shownBackups).map((backup) => (
                <tr key={backup.id}>
                  <td>
                    <When backup={backup} />
                  </td>
                  <td className={classes.size}>{formatBytes(backup.plainBytes)}</td>
                  <td>
                    <Sign copies={backup.copies.filter((copy) => !away.has(copy.destinationId))} />
                  </td>
                  <td>
                    <Sign copies={backup.copies.filter((copy) => away.has(copy.destinationId))} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Link href={`/backups/${id}`} className={classes.all ?? ''}>
            {backups.length > shownBackups
              ? `All ${backups.length} backups`
              : 'Verify, restore or remove a copy'}
          </Link>
        </>
      )}
    </section>
  )
}

function When({ backup: { createdAt } }: { backup: BackupView }) {
  const now = useNow()
  const today = formatDay(createdAt, now) === formatDay(now, now)
  const when = today
    ? formatClock(createdAt)
    : `${formatDay(createdAt, now)}, ${formatClock(createdAt)}`
  return <Moment at={createdAt}>{when}</Moment>
}

/** The best of the copies on one side. */
function Sign({ copies }: { copies: readonly BackupCopyView[] }) {
  const best = bestOf(copies)
  return best === null ? <span className={classes.none}>{noValue}</span> : <CopySign state={best} />
}

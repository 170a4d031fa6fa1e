import { useQuery } from '@tanstack/react-query'
import { Suspense, useMemo } from 'react'
import { Link } from 'wouter'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { formatBytes, formatDate } from '../../lib/format.ts'
import { useNow } from '../../lib/now.ts'
import { LateMetricChart } from '../../ui/LateMetricChart.tsx'
import { storedQuery } from '../destinations/queries.ts'
import { storedOverTime } from './stored-over-time.ts'
import classes from './StoredOffSite.module.css'

const series = [{ key: 'bytes', label: 'Stored', color: 'var(--q-accent)' }]

/** How much lies off-site, over the last 30 days, as the destinations are known day by day. */
export function StoredOffSite({ destinations }: { destinations: readonly DestinationView[] }) {
  const samples = useQuery(storedQuery)
  const today = Math.floor(useNow() / 3_600_000) * 3_600_000
  const away = useMemo(
    () => new Set(destinations.filter(({ offSite }) => offSite).map(({ id }) => id)),
    [destinations],
  )
  const stored = useMemo(
    () => storedOverTime(samples.data ?? [], away, today),
    [samples.data, away, today],
  )
  if (samples.data === undefined || destinations.length === 0) return null
  const { newest, days } = stored
  return (
    <section className={classes.stored} aria-labelledby="stored-off-site">
      <div className={classes.head}>
        <h2 id="stored-off-site" className={classes.title}>
          Stored off-site
        </h2>
        {newest !== null && (
          <span className={classes.now}>
            <b>{formatBytes(newest)}</b>
            {days > 1 && ', last 30 d'}
          </span>
        )}
      </div>
      {away.size === 0 && (
        <p className={classes.quiet}>
          No destination is off-site: a fire or a thief takes the databases and their backups at
          once. <Link href="/backups/destinations/new">Add one elsewhere</Link>
        </p>
      )}
      {away.size > 0 && days < 2 && (
        <p className={classes.quiet}>
          How it changes is drawn from the second day on that Quayside has looked.
        </p>
      )}
      {away.size > 0 && days > 1 && (
        <Suspense fallback={<div className={classes.place} />}>
          <LateMetricChart
            title="Stored off-site"
            points={stored.points}
            series={series}
            format={formatBytes}
            from={stored.from}
            to={stored.to}
            top={1}
            days={(at) => (at === stored.to ? 'today' : formatDate(at, today))}
          />
        </Suspense>
      )}
    </section>
  )
}

import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { stateKind, stateLabels } from '../../lib/database-state.ts'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { databasesQuery } from '../databases/queries.ts'
import classes from './HostPage.module.css'

/** The databases on one host. */
export function HostDatabases({ host }: { host: HostView }) {
  const databases = useQuery(databasesQuery).data?.filter(
    (each) => each.hostId === host.id && each.status !== 'trash',
  )
  return (
    <section>
      <h2 className={classes.title}>
        Runs here
        <Link href={`/databases/new/on/${host.id}`}>New database</Link>
      </h2>
      {databases?.length === 0 && (
        <div className={classes.empty}>No databases on {host.name} yet.</div>
      )}
      {databases?.map((database) => {
        const kind = stateKind(database)
        return (
          <Link
            key={database.id}
            href={`/databases/${database.id}`}
            className={classes.database ?? ''}
          >
            <StateDot kind={kind} label={stateLabels[kind]} />
            <span>{database.name}</span>
            <EnvironmentMark environment={database.environment} />
            <span className={classes.databaseFact}>
              {database.status === 'running' ? `port ${database.port ?? '–'}` : stateLabels[kind]}
            </span>
          </Link>
        )
      })}
    </section>
  )
}

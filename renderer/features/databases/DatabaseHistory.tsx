import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { Age } from '../../ui/Age.tsx'
import { JobSign } from '../../ui/JobSign.tsx'
import { jobsQuery } from '../jobs/queries.ts'
import classes from './DatabasePage.module.css'

/** How many jobs the page shows; Activity has the rest. */
const shown = 5

/** The last things done to a database. */
export function DatabaseHistory({ database }: { database: DatabaseView }) {
  const jobs = useQuery(jobsQuery).data?.filter((job) => job.databaseId === database.id) ?? []
  if (jobs.length === 0) return null
  return (
    <section className={classes.section}>
      <h2 className={classes.title}>Activity</h2>
      {jobs.slice(0, shown).map((job) => (
        <Link key={job.id} href={`/activity/${job.id}`} className={classes.job ?? ''}>
          <span className={classes.jobSign}>
            <JobSign job={job} />
          </span>
          {job.title}
          <span className={classes.jobAge}>
            <Age at={job.startedAt ?? job.createdAt} />
          </span>
        </Link>
      ))}
    </section>
  )
}

import type { JobView } from '../../../shared/contract/jobs.ts'
import { filterJobs, type JobFilter } from './filter.ts'
import classes from './Activity.module.css'

const filters: readonly { id: JobFilter; label: string }[] = [
  { id: 'all', label: 'All' },
  { id: 'running', label: 'Running' },
  { id: 'failed', label: 'Failed' },
]

/** All, running or failed jobs, with how many there are. */
export function JobFilterTabs(props: {
  jobs: readonly JobView[]
  filter: JobFilter
  onChange: (filter: JobFilter) => void
}) {
  const { jobs, filter, onChange } = props
  return (
    <div role="radiogroup" aria-label="Show" className={classes.tabs}>
      {filters.map(({ id, label }) => {
        const count = id === 'all' ? 0 : filterJobs(jobs, id).length
        return (
          <button
            key={id}
            type="button"
            role="radio"
            aria-checked={filter === id}
            className={classes.tab}
            onClick={() => {
              onChange(id)
            }}
          >
            {count > 0 ? `${label} ${count}` : label}
          </button>
        )
      })}
    </div>
  )
}

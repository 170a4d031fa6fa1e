import { TextInput } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Fragment, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { formatDay } from '../../lib/format.ts'
import { isFloating } from '../../lib/keys.ts'
import { moveFocus } from '../../lib/list-keys.ts'
import { useNow } from '../../lib/now.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { Kbd } from '../../ui/Kbd.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { filterJobs, type JobFilter } from './filter.ts'
import { JobFilterTabs } from './JobFilterTabs.tsx'
import { JobPanel } from './JobPanel.tsx'
import { JobRow } from './JobRow.tsx'
import { jobsQuery } from './queries.ts'
import classes from './Activity.module.css'

/** Everything that was done and is being done, with its steps beside it. */
export function Activity({ chosen }: { chosen: JobId | null }) {
  const [, navigate] = useLocation()
  const jobs = useQuery(jobsQuery)
  const [filter, setFilter] = useState<JobFilter>('all')
  const [text, setText] = useState('')
  const search = useRef<HTMLInputElement>(null)
  useHotkeys([
    ['/', () => search.current?.focus()],
    [
      'Escape',
      (event) => {
        if (chosen !== null && !isFloating(event.target)) navigate('/activity')
      },
    ],
  ])
  const all = jobs.data ?? []
  const shown = filterJobs(all, filter, text)
  return (
    <Page
      header={
        <PageHeader title="Activity">
          {all.length > 0 && (
            <>
              <TextInput
                ref={search}
                className={classes.search ?? ''}
                aria-label="Search jobs"
                placeholder="Search jobs"
                leftSection={<IconSearch size={16} stroke={1.5} />}
                rightSection={<Kbd keys="/" />}
                value={text}
                onChange={(event) => {
                  setText(event.currentTarget.value)
                }}
              />
              <JobFilterTabs jobs={all} filter={filter} onChange={setFilter} />
            </>
          )}
        </PageHeader>
      }
      padded={jobs.isError}
      railWidth={400}
      {...(chosen !== null && { rail: <JobPanel key={chosen} id={chosen} /> })}
    >
      {jobs.isError && <ErrorBox error={jobs.error} />}
      {jobs.isPending && <LoadingRows height={40} />}
      {jobs.data?.length === 0 && (
        <EmptyState title="Nothing was done yet">
          Creating, starting, stopping and deleting a database are jobs. Each is kept here with its
          steps, and with its reason if it failed.
        </EmptyState>
      )}
      {all.length > 0 && (
        <div
          role="table"
          aria-label="Jobs"
          className={classes.table}
          onKeyDown={(event) => {
            moveFocus(event, '[role="row"][tabindex]')
          }}
        >
          <JobHead />
          <JobsByDay jobs={shown} chosen={chosen} />
          {shown.length === 0 && <div className={classes.nothing}>No job fits.</div>}
        </div>
      )}
    </Page>
  )
}

function JobHead() {
  return (
    <div role="row" className={classes.head}>
      <span />
      <span role="columnheader">Job</span>
      <span role="columnheader">Environment</span>
      <span role="columnheader" className={classes.wide}>
        Host
      </span>
      <span role="columnheader" className={classes.right}>
        Took
      </span>
      <span role="columnheader" className={classes.right}>
        Started
      </span>
    </div>
  )
}

function JobsByDay({ jobs, chosen }: { jobs: readonly JobView[]; chosen: JobId | null }) {
  const now = useNow()
  let before = 'Today'
  return jobs.map((job) => {
    const day = formatDay(job.createdAt, now)
    const heading = day === before ? null : day
    before = day
    return (
      <Fragment key={job.id}>
        {heading !== null && <div className={classes.day}>{heading}</div>}
        <JobRow job={job} chosen={job.id === chosen} />
      </Fragment>
    )
  })
}

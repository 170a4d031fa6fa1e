import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconInfoCircle } from '@tabler/icons-react'
import { useLocation } from 'wouter'
import { useJobProgress } from '../../lib/live.ts'
import { Elapsed } from '../../ui/Age.tsx'
import { JobSteps } from '../../ui/JobSteps.tsx'
import { Page } from '../../ui/Page.tsx'
import { RailEnd } from '../../ui/RailEnd.tsx'
import { WhatYouGet } from './CreatePlanPanel.tsx'
import { CreateHeader, isImport, nameOf, type CreateParts } from './CreateProgress.tsx'
import { TimeLeft } from './TimeLeft.tsx'
import { useCancelJob } from './mutations.ts'
import classes from './CreateProgress.module.css'

/** A create on its way: its steps, and what Cancel would do. */
export function Creating({ job, database }: CreateParts) {
  const [, navigate] = useLocation()
  const progress = useJobProgress(job.id)
  const cancel = useCancelJob()
  const stopping = job.cancelRequested || job.undoing
  const ask = () => {
    if (!stopping) cancel.mutate(job.id)
  }
  useHotkeys([['mod+.', ask]], [])
  const at = job.steps.findIndex((step) => step.state === 'running')
  const done = job.steps.filter((step) => step.state === 'done').length
  const where = job.hostName ?? 'the host'
  return (
    <Page
      header={
        <CreateHeader
          title={`${isImport(job.kind) ? 'Importing' : 'Creating'} ${nameOf({ job, database })}`}
          job={job}
        />
      }
      production={job.environment === 'production'}
      railWidth={328}
      railTinted
      rail={
        <>
          {database !== undefined && (
            <WhatYouGet
              title="What you get"
              containerName={database.containerName}
              port={database.port}
              protectedNow={database.protected}
            />
          )}
          <RailEnd
            note={
              stopping
                ? `What was made so far is being removed from ${where}.`
                : `Cancel removes what was made so far. Nothing of it stays on ${where}; a pulled image is kept for next time.`
            }
          >
            <Button onClick={ask} disabled={stopping} loading={cancel.isPending}>
              {stopping ? 'Cancelling' : 'Cancel'}
            </Button>
            <Button
              onClick={() => {
                navigate('/databases')
              }}
            >
              Run in background
            </Button>
          </RailEnd>
        </>
      }
    >
      <div className={classes.head}>
        <span>
          {job.undoing
            ? 'Taking back'
            : job.state === 'waiting'
              ? 'Waiting to begin'
              : `Step ${Math.min(job.steps.length, (at < 0 ? done : at) + 1)} of ${job.steps.length}`}
        </span>
        <span className={classes.time}>
          <Elapsed from={job.startedAt ?? job.createdAt} to={null} />
          <TimeLeft progress={progress} running={job.steps[at]?.name} />
        </span>
      </div>
      <div className={classes.card}>
        <JobSteps job={job} progress={progress} />
      </div>
      <div className={classes.note}>
        <IconInfoCircle size={14} stroke={1.5} />
        The job goes on without this screen and is kept in Activity.
      </div>
    </Page>
  )
}

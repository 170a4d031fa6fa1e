import { Button } from '@mantine/core'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { formatDuration } from '../../lib/format.ts'
import { JobSteps } from '../../ui/JobSteps.tsx'
import { Page } from '../../ui/Page.tsx'
import { RailEnd } from '../../ui/RailEnd.tsx'
import { StepIcon } from '../../ui/StepIcon.tsx'
import { TextButton } from '../../ui/TextButton.tsx'
import { ConnectionCard } from './ConnectionCard.tsx'
import { WhatYouGet } from './CreatePlanPanel.tsx'
import { anewPath, CreateHeader, isImport } from './CreateProgress.tsx'
import { Credentials } from './Credentials.tsx'
import { useConnection } from './use-connection.ts'
import classes from './CreateProgress.module.css'

/** A create that is done: how to connect, at once. */
export function Created({ job, database }: { job: JobView; database: DatabaseView }) {
  const [, navigate] = useLocation()
  const [steps, setSteps] = useState(false)
  const connection = useConnection(database)
  const took = (job.endedAt ?? job.createdAt) - (job.startedAt ?? job.createdAt)
  return (
    <Page
      header={<CreateHeader title={`${database.name} is ready`} job={job} />}
      production={database.environment === 'production'}
      railWidth={328}
      railTinted
      rail={
        <>
          <WhatYouGet
            title="What you have"
            containerName={database.containerName}
            port={database.port}
            protectedNow={database.protected}
          />
          <RailEnd>
            <Button
              onClick={() => {
                navigate(anewPath(job))
              }}
            >
              {isImport(job.kind) ? 'Import another' : 'Create another'}
            </Button>
            <Button
              variant="filled"
              onClick={() => {
                navigate(`/databases/${database.id}`)
              }}
            >
              Open database
            </Button>
          </RailEnd>
        </>
      }
    >
      <div className={classes.ready} role="status">
        <StepIcon state="done" label="Done" />
        {isImport(job.kind) ? 'Imported' : 'Created'} in {formatDuration(took)} on{' '}
        {database.hostName}
        {isImport(job.kind) && `: ${job.steps.at(-1)?.fact ?? ''}`}
        <TextButton
          onClick={() => {
            setSteps(!steps)
          }}
        >
          {steps ? 'Hide steps' : 'Show steps'}
        </TextButton>
      </div>
      {steps && (
        <div className={`${classes.card} ${classes.steps}`}>
          <JobSteps job={job} progress={undefined} />
        </div>
      )}
      <ConnectionCard database={database} connection={connection} />
      <div className={classes.section}>
        <Credentials database={database} connection={connection} />
      </div>
    </Page>
  )
}

import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconArchive, IconFileExport } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { BackupFreshness } from '../../../shared/contract/backups.ts'
import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'
import { tellingKinds } from '../../../shared/job-kinds.ts'
import { isFloating } from '../../lib/keys.ts'
import { useShowsFailures } from '../../lib/shown-failures.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { PageWithout } from '../../ui/PageWithout.tsx'
import { databasesQuery } from '../databases/queries.ts'
import { enginesQuery } from '../engines/queries.ts'
import { jobsQuery } from '../jobs/queries.ts'
import type { AskedBackup } from './asked-backup.ts'
import { goneFrom, vanishedHint } from './backup-rows.ts'
import { BackupDialog } from './BackupDialog.tsx'
import { BackupFacts } from './BackupFacts.tsx'
import { BackupItem } from './BackupItem.tsx'
import { BackupWork } from './BackupWork.tsx'
import { ExportDialog } from './ExportDialog.tsx'
import { backupsOfQuery, runningBackup, useFreshness } from './queries.ts'
import classes from './DatabaseBackups.module.css'

/** The backups of one database, each with its copies; with `ask` a question is open. */
export function DatabaseBackups({ id, ask }: { id: DatabaseId; ask: AskedBackup | null }) {
  const databases = useQuery(databasesQuery)
  const database = databases.data?.find((each) => each.id === id)
  if (database !== undefined) return <LoadedBackups database={database} asks={ask} />
  return (
    <PageWithout
      title="Backups"
      back="/backups"
      query={databases}
      gone="This database is not here any more"
    >
      It was purged. What lies of it at destinations has stayed.
    </PageWithout>
  )
}

function LoadedBackups({ database, asks }: { database: DatabaseView; asks: AskedBackup | null }) {
  const { id, name, environment, hostName, engine, status } = database
  const [, navigate] = useLocation()
  const backups = useQuery(backupsOfQuery(id))
  const engines = useQuery(enginesQuery).data
  const jobs = useQuery(jobsQuery).data ?? []
  const freshness = useFreshness().data?.find(({ databaseId }) => databaseId === id)
  const failed = freshness?.failed ?? []
  const vanished = (freshness?.vanished ?? []).map(({ destinationName }) => destinationName)
  const unproven = freshness?.unproven ?? null
  useShowsFailures((job) => job.databaseId === id && tellingKinds.has(job.kind))
  const [asked, setAsked] = useState(asks)
  const close = () => {
    setAsked(null)
    // So that the same address asks anew.
    if (asks !== null) navigate(`/backups/${id}`, { replace: true })
  }
  const making = runningBackup(jobs, id)
  const can = making === undefined && status !== 'trash' && status !== 'creating'
  const ask = () => {
    if (can) setAsked('new')
  }
  useHotkeys([['mod+B', (event) => !isFloating(event.target) && ask()]])
  const backUp = (
    <Button
      variant="filled"
      disabled={!can}
      leftSection={<IconArchive stroke={1.5} />}
      onClick={ask}
    >
      Back up now
    </Button>
  )
  const empty = backups.data?.length === 0
  return (
    <Page
      production={environment === 'production'}
      header={
        <PageHeader
          title={name}
          back="/backups"
          icon={<EngineIcon path={engines?.find((each) => each.id === engine)?.icon} size={26} />}
          mark={<EnvironmentMark environment={environment} />}
          subtitle={`Backups, from ${hostName}`}
          actions={
            <>
              <Button
                onClick={() => {
                  navigate(`/databases/${id}`)
                }}
              >
                Open database
              </Button>
              <Button
                disabled={!can}
                leftSection={<IconFileExport stroke={1.5} />}
                onClick={() => {
                  setAsked('export')
                }}
              >
                Export…
              </Button>
              {backUp}
            </>
          }
        />
      }
      rail={<BackupFacts database={database} backups={backups.data ?? []} freshness={freshness} />}
    >
      <BackupWork databaseId={id} />
      {vanished.length > 0 && (
        <div className={classes.failed}>
          <ErrorBox
            error={{
              code: 'not_found',
              message: goneFrom(vanished, name),
              hint: vanishedHint,
            }}
          />
        </div>
      )}
      {making === undefined &&
        failed.map((each) => (
          <FailedJob
            key={each.destinationId}
            failed={each}
            label={
              each.destinationName === ''
                ? 'Show what failed'
                : `Show what failed at ${each.destinationName}`
            }
          />
        ))}
      {unproven !== null && <FailedJob failed={unproven} label="Show the failed test restore" />}
      {backups.isError && <ErrorBox error={backups.error} />}
      {backups.isPending && <LoadingRows />}
      {empty && making === undefined && (
        <EmptyState title={`No backups of ${name} yet`} action={backUp}>
          A backup is one dump with a copy at each destination. It is checked while it is made, and
          read back afterwards.
        </EmptyState>
      )}
      {backups.data?.map((backup) => (
        <BackupItem key={backup.id} backup={backup} />
      ))}
      {asked === 'new' && <BackupDialog database={database} onClose={close} />}
      {asked === 'export' && <ExportDialog database={database} onClose={close} />}
    </Page>
  )
}

/** What an attempt came to nothing of, and the way to its steps. */
function FailedJob(props: { failed: NonNullable<BackupFreshness['unproven']>; label: string }) {
  const { failed, label } = props
  const [, navigate] = useLocation()
  return (
    <div className={classes.failed}>
      <ErrorBox
        error={failed.error}
        actions={
          <Button
            size="xs"
            onClick={() => {
              navigate(`/activity/${failed.jobId}`)
            }}
          >
            {label}
          </Button>
        }
      />
    </div>
  )
}

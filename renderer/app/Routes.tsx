import { useQuery } from '@tanstack/react-query'
import { Redirect, Route, Switch } from 'wouter'
import { backupIdSchema } from '../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import { destinationIdSchema } from '../../shared/contract/destinations.ts'
import { hostIdSchema } from '../../shared/contract/hosts.ts'
import { jobIdSchema } from '../../shared/contract/jobs.ts'
import { scheduleIdSchema } from '../../shared/contract/schedules.ts'
import { askedSchema } from '../../shared/places.ts'
import { askedBackupSchema } from '../features/backups/asked-backup.ts'
import { BackupsPage } from '../features/backups/BackupsPage.tsx'
import { DatabaseBackups } from '../features/backups/DatabaseBackups.tsx'
import { OtherBackups } from '../features/backups/OtherBackups.tsx'
import { RecoveryKeyPage } from '../features/backups/recovery-key/RecoveryKeyPage.tsx'
import { RestorePage } from '../features/backups/restore/RestorePage.tsx'
import { RestoreProgress } from '../features/backups/restore/RestoreProgress.tsx'
import { SchedulePage } from '../features/backups/schedules/SchedulePage.tsx'
import { Schedules } from '../features/backups/schedules/Schedules.tsx'
import { CreateDatabase } from '../features/databases/CreateDatabase.tsx'
import { CreateProgress } from '../features/databases/CreateProgress.tsx'
import { DatabaseList } from '../features/databases/DatabaseList.tsx'
import { DatabasePage } from '../features/databases/DatabasePage.tsx'
import { ImportDatabase } from '../features/databases/import/ImportDatabase.tsx'
import { AddDestination } from '../features/destinations/AddDestination.tsx'
import { Destinations } from '../features/destinations/Destinations.tsx'
import { EditDestination } from '../features/destinations/EditDestination.tsx'
import { AddHost } from '../features/hosts/AddHost.tsx'
import { HostDiagnosisPage } from '../features/hosts/HostDiagnosisPage.tsx'
import { HostList } from '../features/hosts/HostList.tsx'
import { HostPage } from '../features/hosts/HostPage.tsx'
import { hostsQuery } from '../features/hosts/queries.ts'
import { Activity } from '../features/jobs/Activity.tsx'
import { LogPage } from '../features/logs/LogPage.tsx'
import { SettingsPage } from '../features/settings/SettingsPage.tsx'
import { ErrorBox } from '../ui/ErrorBox.tsx'
import { Page } from '../ui/Page.tsx'
import { NotFound } from './NotFound.tsx'

/** Which screen stands at which address. Ids from the address are parsed before anything uses them. */
export function Routes() {
  return (
    <Switch>
      <Route path="/">
        <Start />
      </Route>
      <Route path="/databases">
        <DatabaseList />
      </Route>
      <Route path="/databases/new">
        <CreateDatabase key="any" hostId={null} />
      </Route>
      <Route path="/databases/import">
        <ImportDatabase />
      </Route>
      <Route path="/databases/new/on/:hostId">
        {(params) => {
          const id = hostIdSchema.safeParse(params.hostId).data ?? null
          // A form of its own for each: the host that was chosen before shall not stay.
          return <CreateDatabase key={id ?? 'any'} hostId={id} />
        }}
      </Route>
      <Route path="/databases/new/:jobId">
        {({ jobId }) => {
          const id = jobIdSchema.safeParse(jobId)
          return id.success ? <CreateProgress key={id.data} jobId={id.data} /> : <NotFound />
        }}
      </Route>
      <Route path="/databases/:id/log">
        {(params) => {
          const id = databaseIdSchema.safeParse(params.id)
          return id.success ? <LogPage key={id.data} id={id.data} /> : <NotFound />
        }}
      </Route>
      <Route path="/databases/:id/:ask?">
        {(params) => {
          const id = databaseIdSchema.safeParse(params.id)
          const ask = askedSchema.optional().safeParse(params.ask)
          if (!id.success || !ask.success) return <NotFound />
          return <DatabasePage key={id.data} id={id.data} ask={ask.data ?? null} />
        }}
      </Route>
      <Route path="/hosts">
        <HostList />
      </Route>
      <Route path="/hosts/new">
        <AddHost />
      </Route>
      <Route path="/hosts/:id/diagnosis">
        {(params) => {
          const id = hostIdSchema.safeParse(params.id)
          return id.success ? <HostDiagnosisPage key={id.data} id={id.data} /> : <NotFound />
        }}
      </Route>
      <Route path="/hosts/:id">
        {(params) => {
          const id = hostIdSchema.safeParse(params.id)
          return id.success ? <HostPage key={id.data} id={id.data} /> : <NotFound />
        }}
      </Route>
      <Route path="/backups">
        <BackupsPage />
      </Route>
      <Route path="/backups/others">
        <OtherBackups />
      </Route>
      <Route path="/backups/destinations">
        <Destinations />
      </Route>
      <Route path="/backups/destinations/new">
        <AddDestination />
      </Route>
      <Route path="/backups/destinations/:id">
        {(params) => {
          const id = destinationIdSchema.safeParse(params.id)
          return id.success ? <EditDestination key={id.data} id={id.data} /> : <NotFound />
        }}
      </Route>
      <Route path="/backups/recovery-key">
        <RecoveryKeyPage />
      </Route>
      <Route path="/backups/schedules">
        <Schedules />
      </Route>
      <Route path="/backups/schedules/new">
        <SchedulePage id={null} />
      </Route>
      <Route path="/backups/schedules/:id">
        {(params) => {
          const id = scheduleIdSchema.safeParse(params.id)
          return id.success ? <SchedulePage key={id.data} id={id.data} /> : <NotFound />
        }}
      </Route>
      <Route path="/backups/restore/:backupId/:destinationId">
        {(params) => {
          const backupId = backupIdSchema.safeParse(params.backupId)
          const destinationId = destinationIdSchema.safeParse(params.destinationId)
          if (!backupId.success || !destinationId.success) return <NotFound />
          return <RestorePage backupId={backupId.data} destinationId={destinationId.data} />
        }}
      </Route>
      <Route path="/backups/restored/:jobId/:backupId">
        {(params) => {
          const jobId = jobIdSchema.safeParse(params.jobId)
          const backupId = backupIdSchema.safeParse(params.backupId)
          if (!jobId.success || !backupId.success) return <NotFound />
          return <RestoreProgress jobId={jobId.data} backupId={backupId.data} />
        }}
      </Route>
      <Route path="/backups/:id/:ask?">
        {(params) => {
          const id = databaseIdSchema.safeParse(params.id)
          const ask = askedBackupSchema.optional().safeParse(params.ask)
          if (!id.success || !ask.success) return <NotFound />
          const asked = ask.data ?? null
          return <DatabaseBackups key={`${id.data} ${asked ?? ''}`} id={id.data} ask={asked} />
        }}
      </Route>
      <Route path="/activity/:jobId?">
        {({ jobId }) => {
          const id = jobIdSchema.safeParse(jobId)
          return <Activity chosen={id.success ? id.data : null} />
        }}
      </Route>
      <Route path="/settings">
        <SettingsPage />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  )
}

/** The first screen: the databases, or the way to a first host. */
function Start() {
  const hosts = useQuery(hostsQuery)
  if (hosts.isError) {
    return (
      <Page>
        <ErrorBox error={hosts.error} />
      </Page>
    )
  }
  if (hosts.data === undefined) return null
  return <Redirect to={hosts.data.length === 0 ? '/hosts/new' : '/databases'} replace />
}

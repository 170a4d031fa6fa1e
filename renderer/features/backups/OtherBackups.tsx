import { useQuery } from '@tanstack/react-query'
import { grouped } from '../../lib/grouped.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { BackupItem } from './BackupItem.tsx'
import { BackupWork } from './BackupWork.tsx'
import { backupsQuery, withoutDatabase } from './queries.ts'
import classes from './DatabaseBackups.module.css'

/** Backups of databases that are not here: purged ones, or another installation's. */
export function OtherBackups() {
  const backups = useQuery(backupsQuery)
  const others = withoutDatabase(backups.data ?? [])
  const groups = grouped(
    others,
    ({ databaseName, environment, hostName }) => `${databaseName} ${environment} ${hostName}`,
  )
  return (
    <Page header={<PageHeader title="Backups of other databases" back="/backups" />}>
      {backups.isError && <ErrorBox error={backups.error} />}
      {backups.isPending && <LoadingRows />}
      {backups.data !== undefined && others.length === 0 && (
        <EmptyState title="No backups of other databases">
          Backups of databases that were purged, or that another installation has made, stand here
          once a destination was looked through.
        </EmptyState>
      )}
      <BackupWork databaseId={null} />
      {[...groups].map(([key, own]) => (
        <section key={key} className={classes.other}>
          <h2 className={classes.otherName}>
            {own[0]?.databaseName}
            {own[0] !== undefined && <EnvironmentMark environment={own[0].environment} />}
            <span className={classes.facts}>from {own[0]?.hostName}</span>
          </h2>
          {own.map((backup) => (
            <BackupItem key={backup.id} backup={backup} />
          ))}
        </section>
      ))}
    </Page>
  )
}

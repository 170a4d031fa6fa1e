import { useQuery } from '@tanstack/react-query'
import type { BackupId } from '../../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../../shared/contract/destinations.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { databasesQuery } from '../../databases/queries.ts'
import { hostsQuery } from '../../hosts/queries.ts'
import { backupsQuery } from '../queries.ts'
import { RestoreForm } from './RestoreForm.tsx'

/** The way from a copy of a backup to a database. */
export function RestorePage(props: { backupId: BackupId; destinationId: DestinationId }) {
  const { backupId, destinationId } = props
  const backups = useQuery(backupsQuery)
  const hosts = useQuery(hostsQuery)
  const databases = useQuery(databasesQuery)
  const backup = backups.data?.find(({ id }) => id === backupId)
  const copy = backup?.copies.find((each) => each.destinationId === destinationId)
  const error = backups.error ?? hosts.error ?? databases.error
  if (backup && copy && hosts.data && databases.data) {
    return <RestoreForm backup={backup} copy={copy} hosts={hosts.data} databases={databases.data} />
  }
  return (
    <Page header={<PageHeader title="Restore" back="/backups" />}>
      {error !== null && <ErrorBox error={error} />}
      {error === null && backups.data !== undefined && copy === undefined && (
        <EmptyState title="This copy is not here any more">
          It was removed, or its destination was. Choose another copy.
        </EmptyState>
      )}
      {error === null && backups.data === undefined && <LoadingRows />}
    </Page>
  )
}

import type { BackupCopyView, BackupView } from '../../../shared/contract/backups.ts'
import { formatBytes, plural } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import { ConfirmByName } from '../../ui/Confirm.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { useRemoveCopy } from './mutations.ts'

/** Removes one copy for good, once the database's name is typed. */
export function RemoveCopy({
  backup,
  copy,
  onClose,
}: {
  backup: BackupView
  copy: BackupCopyView
  onClose: () => void
}) {
  const remove = useRemoveCopy()
  const { databaseName, environment } = backup
  const others = backup.copies.filter(
    (each) => each.destinationId !== copy.destinationId && each.problem === null,
  ).length
  return (
    <ConfirmByName
      name={databaseName}
      title={`Remove a copy of ${databaseName}`}
      mark={<EnvironmentMark environment={environment} />}
      production={environment === 'production'}
      action="Remove copy"
      pending={remove.isPending}
      error={remove.error}
      proof={
        <Facts labelWidth={112}>
          <FactRow label="Lies at">{copy.destinationName}</FactRow>
          <FactRow label="Made">
            <Age at={backup.createdAt} />
          </FactRow>
          <FactRow label="Stored">{formatBytes(copy.bytes)}</FactRow>
          <FactRow label="Left of it then">
            {others === 0 ? (
              <b>nothing: it is the only whole copy</b>
            ) : (
              plural(others, 'copy', 'copies')
            )}
          </FactRow>
        </Facts>
      }
      onClose={onClose}
      onConfirm={(confirmName) => {
        remove.mutate(
          { id: backup.id, destinationId: copy.destinationId, confirmName },
          {
            onSuccess: () => {
              onClose()
              showDone(`The copy at ${copy.destinationName} is gone`)
            },
          },
        )
      }}
    >
      The dump and all that belongs to it are deleted at {copy.destinationName}. This can’t be
      undone.
    </ConfirmByName>
  )
}

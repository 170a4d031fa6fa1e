import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import type { BackupCopyView, BackupView } from '../../../../shared/contract/backups.ts'
import type { DatabaseView } from '../../../../shared/contract/databases.ts'
import { hostIdSchema, type HostView } from '../../../../shared/contract/hosts.ts'
import { testRestoreRoom } from '../../../../shared/test-restore-room.ts'
import { formatBytes } from '../../../lib/format.ts'
import { Dialog, DialogButtons, DialogText } from '../../../ui/Dialog.tsx'
import { EnvironmentMark } from '../../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../../ui/LoadingRows.tsx'
import { databasesQuery } from '../../databases/queries.ts'
import { hostsQuery } from '../../hosts/queries.ts'
import { useTestRestore } from '../mutations.ts'
import { HostSelect } from './HostSelect.tsx'
import { sourceHost } from './restore-form.ts'
import classes from './Restore.module.css'

interface TestRestoreDialogProps {
  backup: BackupView
  copy: BackupCopyView
  onClose: () => void
}

/** Asks on which host a copy is restored for a test, then begins it. */
export function TestRestoreDialog({ backup, copy, onClose }: TestRestoreDialogProps) {
  const { databaseName, environment } = backup
  const hosts = useQuery(hostsQuery)
  const databases = useQuery(databasesQuery)
  const error = hosts.error ?? databases.error
  return (
    <Dialog
      title={`Test-restore a backup of ${databaseName}`}
      mark={<EnvironmentMark environment={environment} />}
      production={environment === 'production'}
      size={480}
      onClose={onClose}
    >
      {error !== null && <ErrorBox error={error} />}
      {error === null && (hosts.isPending || databases.isPending) && <LoadingRows count={2} />}
      {hosts.data?.length === 0 && (
        <DialogText>
          There is no host yet that it could be tested on.{' '}
          <Link href="/hosts/new" onClick={onClose}>
            Add one
          </Link>
          , then come back.
        </DialogText>
      )}
      {hosts.data !== undefined && hosts.data.length > 0 && databases.data && (
        <Choice
          backup={backup}
          copy={copy}
          hosts={hosts.data}
          databases={databases.data}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

function Choice(
  props: TestRestoreDialogProps & {
    hosts: readonly HostView[]
    databases: readonly DatabaseView[]
  },
) {
  const { backup, copy, hosts, databases, onClose } = props
  const [chosen, setChosen] = useState<string>(
    () => (sourceHost(backup, hosts, databases) ?? hosts[0])?.id ?? '',
  )
  const test = useTestRestore()
  const hostId = hostIdSchema.safeParse(chosen).data
  const begin = () => {
    if (hostId === undefined || test.isPending) return
    const { id } = backup
    test.mutate({ id, destinationId: copy.destinationId, hostId }, { onSuccess: onClose })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        begin()
      }}
    >
      <DialogText>
        The copy at {copy.destinationName} is restored into a container made for this alone, without
        a port or a network, and the rows of every table are counted. Nothing of it stays
        {backup.databaseId === null ? '.' : `, and ${backup.databaseName} itself is not touched.`}
      </DialogText>
      <HostSelect
        hosts={hosts}
        hostId={chosen}
        onChoose={(next) => {
          test.reset()
          setChosen(next)
        }}
        description={`Needs up to ${formatBytes(backup.plainBytes * testRestoreRoom)} there for a while.`}
        inputWrapperOrder={['label', 'input', 'error', 'description']}
      />
      {test.isError && (
        <div className={classes.problem}>
          <ErrorBox error={test.error} />
        </div>
      )}
      <DialogButtons onCancel={onClose}>
        <Button
          type="submit"
          variant="filled"
          disabled={hostId === undefined}
          loading={test.isPending}
          data-autofocus
        >
          Test restore
        </Button>
      </DialogButtons>
    </form>
  )
}

import { Button, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Codec } from '../../../shared/backup-manifest.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { DestinationId, DestinationView } from '../../../shared/contract/destinations.ts'
import { nameOnHost } from '../../../shared/names.ts'
import { Dialog, DialogButtons, DialogText } from '../../ui/Dialog.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { destinationsQuery } from '../destinations/queries.ts'
import { CodecSelect, DestinationChoice } from './DestinationChoice.tsx'
import { useCreateBackup } from './mutations.ts'
import { backupsOfQuery } from './queries.ts'
import { EncryptField, useRecoveryKeyMissing } from './recovery-key/EncryptField.tsx'
import classes from './BackupDialog.module.css'

/** Asks where a backup goes and how, then begins it and leads to its steps. */
export function BackupDialog({
  database,
  among = [],
  onChoose,
  onClose,
}: {
  database: DatabaseView
  /** Others that it can be about instead; none where it was asked of one. */
  among?: readonly DatabaseView[]
  onChoose?: (database: DatabaseView) => void
  onClose: () => void
}) {
  const destinations = useQuery(destinationsQuery)
  const before = useQuery(backupsOfQuery(database.id))
  const error = destinations.error ?? before.error
  return (
    <Dialog
      title={`Back up ${database.name}`}
      mark={<EnvironmentMark environment={database.environment} />}
      production={database.environment === 'production'}
      size={480}
      onClose={onClose}
    >
      {among.length > 0 && (
        <Select
          label="Database"
          my={16}
          data={among.map((each) => ({ value: each.id, label: nameOnHost(each) }))}
          value={database.id}
          searchable
          openOnFocus={false}
          limit={100}
          nothingFoundMessage="No database fits."
          onChange={(id) => {
            const chosen = among.find((each) => each.id === id)
            if (chosen !== undefined) onChoose?.(chosen)
          }}
        />
      )}
      {error !== null && <ErrorBox error={error} />}
      {error === null && (destinations.isPending || before.isPending) && <LoadingRows count={2} />}
      {destinations.data?.length === 0 && (
        <DialogText>
          There is no destination yet.{' '}
          <Link href="/backups/destinations/new" onClick={onClose}>
            Add one
          </Link>
          , then come back.
        </DialogText>
      )}
      {destinations.data !== undefined && destinations.data.length > 0 && before.data && (
        <Choices
          key={database.id}
          database={database}
          destinations={destinations.data}
          usual={usualOf(
            destinations.data,
            before.data[0]?.copies.map(({ destinationId }) => destinationId),
          )}
          onClose={onClose}
        />
      )}
    </Dialog>
  )
}

/** Where the last backup went, else the first destination. */
function usualOf(
  destinations: readonly DestinationView[],
  last: readonly DestinationId[] = [],
): DestinationId[] {
  const known = destinations.map(({ id }) => id)
  const again = known.filter((id) => last.includes(id))
  return again.length > 0 ? again : known.slice(0, 1)
}

function Choices(props: {
  database: DatabaseView
  destinations: readonly DestinationView[]
  usual: readonly DestinationId[]
  onClose: () => void
}) {
  const { database, destinations, usual, onClose } = props
  const [, navigate] = useLocation()
  const [destinationIds, setDestinationIds] = useState<DestinationId[]>([...usual])
  const [codec, setCodec] = useState<Codec>('zstd')
  const [encrypt, setEncrypt] = useState(true)
  const keyMissing = useRecoveryKeyMissing()
  const create = useCreateBackup()
  const ready = destinationIds.length > 0 && !(encrypt && keyMissing)
  const begin = () => {
    if (!ready || create.isPending) return
    create.mutate(
      { databaseId: database.id, destinationIds, codec, encrypt },
      {
        onSuccess: () => {
          onClose()
          navigate(`/backups/${database.id}`)
        },
      },
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        begin()
      }}
    >
      <DialogText>
        The dump is checked while it is made and read back afterwards. Clients are not disturbed.
      </DialogText>
      <DestinationChoice
        destinations={destinations}
        chosen={destinationIds}
        onChange={setDestinationIds}
      />
      <CodecSelect codec={codec} onChange={setCodec} />
      <EncryptField checked={encrypt} onChange={setEncrypt} />
      {create.isError && (
        <div className={classes.error}>
          <ErrorBox error={create.error} />
        </div>
      )}
      <DialogButtons onCancel={onClose}>
        <Button
          type="submit"
          variant="filled"
          disabled={!ready}
          loading={create.isPending}
          data-autofocus
        >
          Back up now
        </Button>
      </DialogButtons>
    </form>
  )
}

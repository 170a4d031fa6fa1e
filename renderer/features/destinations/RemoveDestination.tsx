import { useQuery } from '@tanstack/react-query'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { plural } from '../../lib/format.ts'
import { Confirm, ConfirmByName } from '../../ui/Confirm.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { backupsQuery } from '../backups/queries.ts'
import { useRemoveDestination } from './mutations.ts'

/** Forgets a destination; what lies there stays. Asks for its name where backups lie there. */
export function RemoveDestination({
  destination,
  onClose,
}: {
  destination: DestinationView
  onClose: () => void
}) {
  const { id, name, place } = destination
  const remove = useRemoveDestination()
  const backups = useQuery(backupsQuery)
  const here = (backups.data ?? []).filter(({ copies }) =>
    copies.some((copy) => copy.destinationId === id),
  ).length
  const run = (confirmName?: string) => {
    remove.mutate(
      { id, ...(confirmName !== undefined && { confirmName }) },
      {
        onSuccess: () => {
          onClose()
          showDone(`${name} is removed from Quayside`)
        },
      },
    )
  }
  const frame = {
    title: `Remove ${name}`,
    action: 'Remove destination',
    pending: remove.isPending,
    error: remove.error,
    onClose,
  }
  // Its name is wanted by whatever points to it, schedules too, which the core says.
  if (here === 0 && backups.data !== undefined && remove.error === null) {
    return (
      <Confirm
        {...frame}
        onConfirm={() => {
          run()
        }}
      >
        Quayside forgets how to reach it, and its credentials. Nothing there changes.
      </Confirm>
    )
  }
  return (
    <ConfirmByName
      {...frame}
      name={name}
      proof={
        <Facts labelWidth={80}>
          <FactRow label="Place">{place}</FactRow>
          <FactRow label="Holds">{plural(here, 'backup')}</FactRow>
        </Facts>
      }
      onConfirm={run}
    >
      Quayside forgets how to reach it, and its credentials. What lies there stays, but is not
      counted, verified or restored from any more.
    </ConfirmByName>
  )
}

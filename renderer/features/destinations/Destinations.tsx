import { Button } from '@mantine/core'
import { IconKey, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { ActionTable } from '../../ui/ActionTable.tsx'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { CheckDestination } from './CheckDestination.tsx'
import { DestinationRow } from './DestinationRow.tsx'
import { EnterRecoveryKey } from './EnterRecoveryKey.tsx'
import { destinationsQuery } from './queries.ts'
import { RemoveDestination } from './RemoveDestination.tsx'
import { RotateKey } from './RotateKey.tsx'
import classes from './Destinations.module.css'

export type DestinationDialog = 'check' | 'recovery-key' | 'rotate-key' | 'remove'

/** Every place that backups can go to, with what its last check said. */
export function Destinations() {
  const [, navigate] = useLocation()
  const destinations = useQuery(destinationsQuery)
  const [asked, setAsked] = useState<{ about: DestinationView; dialog: DestinationDialog }>()
  const close = () => {
    setAsked(undefined)
  }
  const add = (
    <Button
      variant="filled"
      leftSection={<IconPlus stroke={1.6} />}
      onClick={() => {
        navigate('/backups/destinations/new')
      }}
    >
      Add destination
    </Button>
  )
  const empty = destinations.data?.length === 0
  return (
    <Page
      header={
        <PageHeader
          title="Destinations"
          back="/backups"
          actions={
            <>
              <Button
                leftSection={<IconKey stroke={1.5} />}
                onClick={() => {
                  navigate('/backups/recovery-key')
                }}
              >
                Recovery key
              </Button>
              {!empty && add}
            </>
          }
        />
      }
      padded={destinations.isError}
    >
      {destinations.isError && <ErrorBox error={destinations.error} />}
      {destinations.isPending && <LoadingRows />}
      {empty && (
        <EmptyState title="No destinations yet" action={add}>
          A destination is where backups lie: a folder, a volume on a host, or an object store. Have
          one off-site, so that no single loss takes a database and its backups.
        </EmptyState>
      )}
      {destinations.data !== undefined && !empty && (
        <ActionTable
          label="Destinations"
          heads={['Name', 'Place', 'Lies', 'Last check']}
          className={classes.table}
        >
          {destinations.data.map((destination) => (
            <DestinationRow
              key={destination.id}
              destination={destination}
              onAsk={(dialog) => {
                setAsked({ about: destination, dialog })
              }}
            />
          ))}
        </ActionTable>
      )}
      {asked?.dialog === 'check' && <CheckDestination destination={asked.about} onClose={close} />}
      {asked?.dialog === 'recovery-key' && (
        <EnterRecoveryKey destination={asked.about} onClose={close} />
      )}
      {asked?.dialog === 'rotate-key' && <RotateKey destination={asked.about} onClose={close} />}
      {asked?.dialog === 'remove' && (
        <RemoveDestination destination={asked.about} onClose={close} />
      )}
    </Page>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type {
  DestinationId,
  DestinationKindInfo,
  DestinationView,
} from '../../../shared/contract/destinations.ts'
import { EmptyState } from '../../ui/EmptyState.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { DestinationForm } from './DestinationForm.tsx'
import { keptDestination, partsOf } from './destination-form.ts'
import { useUpdateDestination } from './mutations.ts'
import { destinationKindsQuery, destinationsQuery } from './queries.ts'
import classes from './Destinations.module.css'

const back = '/backups/destinations'

/** What a destination is called and how it is reached. */
export function EditDestination({ id }: { id: DestinationId }) {
  const destinations = useQuery(destinationsQuery)
  const kinds = useQuery(destinationKindsQuery)
  const destination = destinations.data?.find((each) => each.id === id)
  const kind = kinds.data?.find((each) => each.id === destination?.kind)
  const error = destinations.error ?? kinds.error
  return (
    <Page header={<PageHeader title={destination?.name ?? 'Destination'} back={back} />}>
      <div className={classes.column}>
        {error !== null && <ErrorBox error={error} />}
        {destinations.isPending && <LoadingRows />}
        {destinations.data !== undefined && destination === undefined && (
          <EmptyState title="This destination is not here any more">
            Quayside has forgotten it. What lies there has stayed.
          </EmptyState>
        )}
        {destination !== undefined && kinds.data !== undefined && kind === undefined && (
          <EmptyState title={`This version knows no ${destination.kindLabel}`}>
            A newer version of Quayside has added it. Update to change it.
          </EmptyState>
        )}
        {destination !== undefined && kind !== undefined && (
          <ChangedDestination key={id} destination={destination} kind={kind} />
        )}
      </div>
    </Page>
  )
}

function ChangedDestination(props: { destination: DestinationView; kind: DestinationKindInfo }) {
  const { destination, kind } = props
  const [, navigate] = useLocation()
  const [form, setForm] = useState(() => keptDestination(destination, kind))
  const update = useUpdateDestination()
  return (
    <DestinationForm
      kind={kind}
      form={form}
      kept={destination}
      pending={update.isPending}
      error={update.error}
      action="Save changes"
      onChange={setForm}
      onSubmit={() => {
        const { config, secrets } = partsOf(form, kind)
        // What stays the same is left out, lest the last check be forgotten for a new name.
        const before = partsOf(keptDestination(destination, kind), kind).config
        const moved = kind.fields.some(({ key }) => config[key] !== before[key])
        const given = Object.keys(secrets).length > 0
        const name = form.name.trim()
        // Saved as it is: that says it is the right place, and marks it anew.
        const asItIs = name === destination.name && !given
        update.mutate(
          {
            id: destination.id,
            name,
            ...((moved || asItIs) && { config }),
            ...(given && { secrets }),
          },
          {
            onSuccess: ({ name }) => {
              navigate(back)
              showDone(`${name} is changed`)
            },
          },
        )
      }}
    >
      <p className={classes.lead}>
        {kind.label}. {kind.summary}
      </p>
    </DestinationForm>
  )
}

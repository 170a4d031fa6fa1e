import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DestinationKindInfo } from '../../../shared/contract/destinations.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import { OptionCard, OptionGroup } from '../../ui/OptionCard.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { DestinationForm } from './DestinationForm.tsx'
import { emptyDestination, partsOf, type DestinationValues } from './destination-form.ts'
import { useAddDestination } from './mutations.ts'
import { destinationKindsQuery } from './queries.ts'
import classes from './Destinations.module.css'

/** A new place for backups: its kind, what that kind wants to know, a check, a name. */
export function AddDestination() {
  const kinds = useQuery(destinationKindsQuery)
  return (
    <Page header={<PageHeader title="Add destination" back="/backups/destinations" />}>
      <div className={classes.column}>
        {kinds.isError && <ErrorBox error={kinds.error} />}
        {kinds.isPending && <LoadingRows />}
        {kinds.data !== undefined && <NewDestination kinds={kinds.data} />}
      </div>
    </Page>
  )
}

function NewDestination({ kinds }: { kinds: readonly DestinationKindInfo[] }) {
  const [, navigate] = useLocation()
  const [form, setForm] = useState<DestinationValues | null>(null)
  const add = useAddDestination()
  const kind = kinds.find(({ id }) => id === form?.kind) ?? kinds[0]
  if (kind === undefined) return null
  const current = form ?? emptyDestination(kind)
  return (
    <DestinationForm
      key={kind.id}
      kind={kind}
      form={current}
      kept={null}
      pending={add.isPending}
      error={add.error}
      action="Add destination"
      onChange={setForm}
      onSubmit={() => {
        const name = current.name.trim()
        add.mutate(
          { name, kind: kind.id, ...partsOf(current, kind) },
          {
            onSuccess: ({ lastCheck }) => {
              navigate('/backups/destinations')
              // What its check has found stands in its row.
              showDone(
                (lastCheck?.error ?? null) === null
                  ? `${name} is added`
                  : `${name} is added, but its check failed`,
              )
            },
          },
        )
      }}
    >
      <div className={classes.label}>Kind</div>
      <OptionGroup label="Kind" columns="repeat(auto-fill, minmax(220px, 1fr))">
        {kinds.map((each) => (
          <OptionCard
            key={each.id}
            name="kind"
            label={each.label}
            tall
            checked={each.id === kind.id}
            onChoose={() => {
              add.reset()
              setForm({ ...emptyDestination(each), name: current.name })
            }}
          >
            <span className={classes.optionText}>
              <span className={classes.optionTitle}>{each.label}</span>
              <span className={classes.optionFact}>{each.summary}</span>
            </span>
          </OptionCard>
        ))}
      </OptionGroup>
    </DestinationForm>
  )
}

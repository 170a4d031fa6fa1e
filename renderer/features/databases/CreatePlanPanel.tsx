import type { CreatePlan } from '../../../shared/contract/databases.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { plural } from '../../lib/format.ts'
import { Disclosure } from '../../ui/Disclosure.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { PlanList } from '../../ui/PlanList.tsx'
import classes from './CreateDatabase.module.css'

/** What a create would make, and exactly how; nothing is done yet. */
export function CreatePlanPanel(props: {
  plan: CreatePlan | undefined
  waiting: boolean
  /** True where a field is marked, so that nothing can be planned. */
  marked: boolean
  error: ErrorData | null
  hostName: string | undefined
  production: boolean
}) {
  const { plan, waiting, marked, error, hostName, production } = props
  if (error !== null) return <ErrorBox error={error} />
  if (plan === undefined) {
    return (
      <Facts
        title="What you get"
        note={
          <p className={classes.quiet}>
            {waiting
              ? 'Looking at the host…'
              : marked
                ? 'Change what is marked, and this says what will be made.'
                : 'Give it a name, and this says what will be made.'}
          </p>
        }
      />
    )
  }
  // A line without a verb goes on with the one above.
  const actions = plan.actions.filter(({ verb }) => verb !== '').length
  return (
    <div className={waiting ? classes.waiting : undefined}>
      <WhatYouGet
        title="What you get"
        containerName={plan.containerName}
        address={plan.address}
        port={plan.port}
        protectedNow={production}
      />
      <div className={classes.planPart}>
        <Disclosure
          title="Exact plan"
          open
          aside={`${plural(actions, 'action')}${hostName === undefined ? '' : ` on ${hostName}`}`}
        >
          <PlanList actions={plan.actions} />
        </Disclosure>
      </div>
    </div>
  )
}

/** The facts of a new database in the rail. */
export function WhatYouGet(props: {
  title: string
  containerName: string
  address?: string
  port: number | null
  protectedNow: boolean
}) {
  const { title, containerName, address, port, protectedNow } = props
  return (
    <Facts title={title} labelWidth={88}>
      <FactRow label="Container" stacked mono>
        {containerName}
      </FactRow>
      {address !== undefined && (
        <FactRow label="Address" stacked mono>
          {address}
        </FactRow>
      )}
      {port !== null && <FactRow label="Port">{port}, on loopback only</FactRow>}
      <FactRow label="Deletion">
        {protectedNow ? 'locked, as for all production' : 'allowed, 7 d in the trash'}
      </FactRow>
    </Facts>
  )
}

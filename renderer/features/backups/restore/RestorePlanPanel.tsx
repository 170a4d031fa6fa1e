import type { RestorePlan } from '../../../../shared/contract/restores.ts'
import type { ErrorData } from '../../../../shared/errors.ts'
import { formatBytes } from '../../../lib/format.ts'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { PlanList, PlanWarnings } from '../../../ui/PlanList.tsx'
import classes from './Restore.module.css'

/** Exactly what a restore would do, and what speaks against it. */
export function RestorePlanPanel(props: {
  plan: RestorePlan | undefined
  waiting: boolean
  error: ErrorData | null
}) {
  const { plan, waiting, error } = props
  if (error !== null) return <ErrorBox error={error} />
  return (
    <section aria-label="What happens" aria-busy={waiting}>
      <h2 className={classes.title}>What happens</h2>
      {plan === undefined ? (
        <p className={classes.quiet}>
          {waiting
            ? 'Looking at the host…'
            : 'Fill in what is missing, and this says what is done.'}
        </p>
      ) : (
        <>
          <PlanWarnings warnings={plan.warnings} />
          <PlanList actions={plan.actions} />
          {plan.scratchBytes !== null && (
            <p className={classes.quiet}>
              Needs up to {formatBytes(plan.scratchBytes)} on the host for a while, beside the data.
            </p>
          )}
        </>
      )}
    </section>
  )
}

import type { ImportPlan } from '../../../../shared/contract/transfers.ts'
import type { ErrorData } from '../../../../shared/errors.ts'
import { formatBytes } from '../../../lib/format.ts'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { PlanList, PlanWarnings } from '../../../ui/PlanList.tsx'
import classes from './Import.module.css'

/** What was found, exactly what an import would do with it, and what speaks against it. */
export function ImportPlanPanel(props: {
  plan: ImportPlan | undefined
  waiting: boolean
  /** What is said while it is looked at. */
  looking: string
  /** What is said while there is no plan. */
  hint: string
  error: ErrorData | null
}) {
  const { plan, waiting, looking, hint, error } = props
  if (error !== null) return <ErrorBox error={error} />
  return (
    <section aria-label="What happens" aria-busy={waiting}>
      <h2 className={classes.title}>What happens</h2>
      {plan === undefined ? (
        <p className={classes.quiet} role="status">
          {waiting ? looking : hint}
        </p>
      ) : (
        <>
          <p className={classes.found}>{plan.found}</p>
          <PlanWarnings warnings={plan.warnings} />
          <PlanList actions={plan.actions} />
          <p className={classes.quiet}>
            {plan.scratchBytes === null
              ? 'Needs room on the host for all of it, decompressed, for a while, beside the data.'
              : `Needs up to ${formatBytes(plan.scratchBytes)} on the host for a while, beside the data.`}
          </p>
        </>
      )}
    </section>
  )
}

import type { RestorePlan } from '../../../../shared/contract/restores.ts'
import type { ErrorData } from '../../../../shared/errors.ts'
import { formatBytes } from '../../../lib/format.ts'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
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
          {plan.warnings.length > 0 && (
            <ul className={classes.warnings}>
              {plan.warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          )}
          <dl className={classes.plan}>
            {plan.actions.map(({ verb, text }, index) => (
              <div key={index} className={classes.action}>
                <dt className={classes.verb}>{verb}</dt>
                <dd className={classes.actionText}>{text}</dd>
              </div>
            ))}
          </dl>
          <p className={classes.quiet}>
            Needs up to {formatBytes(plan.scratchBytes)} on the host for a while, beside the data.
          </p>
        </>
      )}
    </section>
  )
}

import classes from './PlanList.module.css'

/** Exactly what will be done, act by act; one without a verb goes on with the one above. */
export function PlanList({
  actions,
}: {
  actions: readonly { readonly verb: string; readonly text: string }[]
}) {
  return (
    <dl className={classes.plan}>
      {actions.map(({ verb, text }, index) => (
        <div key={index} className={classes.action}>
          <dt className={classes.verb}>{verb}</dt>
          <dd className={classes.text}>{text}</dd>
        </div>
      ))}
    </dl>
  )
}

/** What speaks against a plan, without forbidding it. */
export function PlanWarnings({ warnings }: { warnings: readonly string[] }) {
  if (warnings.length === 0) return null
  return (
    <ul className={classes.warnings}>
      {warnings.map((warning) => (
        <li key={warning}>{warning}</li>
      ))}
    </ul>
  )
}

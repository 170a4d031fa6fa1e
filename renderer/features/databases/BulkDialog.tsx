import { plural } from '../../lib/format.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { skippedWords, type BulkPlan } from './bulk.ts'
import classes from './SelectionBar.module.css'

/** Asks once before production is among several that stop. */
export function BulkDialog(props: { plan: BulkPlan; onConfirm: () => void; onClose: () => void }) {
  const { plan, onConfirm, onClose } = props
  const production = plan.run.filter(({ environment }) => environment === 'production')
  const action = `Stop ${plural(plan.run.length, 'database')}`
  return (
    <Confirm
      production
      title={action}
      action={action}
      pending={false}
      error={null}
      onConfirm={onConfirm}
      onClose={onClose}
      proof={
        <ul className={classes.list}>
          {production.map(({ id, name, environment, hostName }) => (
            <li key={id} className={classes.item}>
              <span className={classes.name}>{name}</span>
              <EnvironmentMark environment={environment} />
              <span className={classes.host}>{hostName}</span>
            </li>
          ))}
        </ul>
      }
    >
      {plural(production.length, 'production database')} among them. Clients lose their connection;
      the data stays, and each can be started again at any time. {skippedWords(plan)}
    </Confirm>
  )
}

import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { plural } from '../../lib/format.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { skippedWords, type BulkPlan } from './bulk.ts'
import classes from './SelectionBar.module.css'

/** Asks once before production is among several that stop, or one is acted on that nobody sees. */
export function BulkDialog(props: { plan: BulkPlan; onConfirm: () => void; onClose: () => void }) {
  const { plan, onConfirm, onClose } = props
  const { act, run, unseen } = plan
  const stops = act === 'stop'
  const production = stops ? run.filter(({ environment }) => environment === 'production') : []
  const action = `${stops ? 'Stop' : 'Start'} ${plural(run.length, 'database')}`
  return (
    <Confirm
      production={production.length > 0}
      title={action}
      action={action}
      pending={false}
      error={null}
      onConfirm={onConfirm}
      onClose={onClose}
      proof={
        <>
          <Named heading="Not shown in the list now" databases={unseen} />
          <Named heading="Production" databases={production} />
        </>
      }
    >
      {unseen.length > 0 && `${plural(unseen.length, 'database')} among them not shown. `}
      {production.length > 0 && `${plural(production.length, 'production database')} among them. `}
      {stops &&
        'Clients lose their connection; the data stays, and each can be started again at any time. '}
      {skippedWords(plan)}
    </Confirm>
  )
}

function Named(props: { heading: string; databases: readonly DatabaseView[] }) {
  const { heading, databases } = props
  if (databases.length === 0) return null
  return (
    <>
      <p className={classes.heading}>{heading}</p>
      {/* It may be long: the keyboard scrolls it too. */}
      <ul className={classes.list} tabIndex={0} aria-label={heading}>
        {databases.map(({ id, name, environment, hostName }) => (
          <li key={id} className={classes.item}>
            <span className={classes.name}>{name}</span>
            <EnvironmentMark environment={environment} />
            <span className={classes.host}>{hostName}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

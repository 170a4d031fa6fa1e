import { useQuery } from '@tanstack/react-query'
import type { DestinationView } from '../../../../shared/contract/destinations.ts'
import type { MethodOutput } from '../../../../shared/contract/index.ts'
import { formatBytes, formatExact, plural } from '../../../lib/format.ts'
import { Age } from '../../../ui/Age.tsx'
import { databasesQuery } from '../../databases/queries.ts'
import classes from './Schedules.module.css'

/** Of a long list, so many are shown. */
const shown = { runs: 4, databases: 8, removals: 12 }

type Preview = MethodOutput<'schedules.preview'>

/** The dry run: when it would run, on what, and what its retention would remove. */
export function SchedulePreview(props: {
  preview: Preview | undefined
  waiting: boolean
  destinations: readonly DestinationView[]
}) {
  const { preview, waiting, destinations } = props
  const databases = useQuery(databasesQuery).data ?? []
  if (preview === undefined) {
    return (
      <section aria-label="Dry run" aria-busy={waiting}>
        <h2 className={classes.title}>Dry run</h2>
        <p className={classes.quiet}>
          {waiting ? 'Counting…' : 'Fill in what is missing, and this says what would be done.'}
        </p>
      </section>
    )
  }
  const { nextRuns, databaseIds } = preview
  const names = databaseIds.map((id) => databases.find((each) => each.id === id)?.name ?? id)
  return (
    <section aria-label="Dry run" aria-busy={waiting}>
      <h2 className={classes.title}>Next runs</h2>
      <ol className={classes.list}>
        {nextRuns.slice(0, shown.runs).map((at) => (
          <li key={at}>{formatExact(at)}</li>
        ))}
      </ol>
      <h2 className={classes.title}>{plural(databaseIds.length, 'database')}</h2>
      <p className={classes.names}>
        {names.slice(0, shown.databases).join(', ')}
        {names.length > shown.databases && ` and ${names.length - shown.databases} more`}
        {names.length === 0 && 'None fits yet; those that come later are taken in.'}
      </p>
      <h2 className={classes.title}>Would remove</h2>
      <WouldRemove preview={preview} destinations={destinations} />
    </section>
  )
}

/** Which backups would go, at once and once others have been read back. */
export function WouldRemove(props: { preview: Preview; destinations: readonly DestinationView[] }) {
  const { preview, destinations } = props
  const { removals, onceRead, kept } = preview
  const stay = kept - onceRead.length
  return (
    <>
      {removals.length === 0 ? (
        <p className={classes.names}>
          {onceRead.length === 0 ? 'Nothing.' : 'Nothing at once.'} {plural(kept, 'copy', 'copies')}{' '}
          stay.
        </p>
      ) : (
        <p className={classes.removing}>
          {sumOf(removals)}. {kept} stay.
        </p>
      )}
      <Removals removals={removals} destinations={destinations} />
      {onceRead.length > 0 && (
        <>
          <p className={classes.removing}>
            {sumOf(onceRead)}, once copies have been read back. {stay} stay then.
          </p>
          <Removals removals={onceRead} destinations={destinations} />
        </>
      )}
    </>
  )
}

function Removals(props: {
  removals: Preview['removals']
  destinations: readonly DestinationView[]
}) {
  const { removals, destinations } = props
  if (removals.length === 0) return null
  return (
    <ul className={classes.list}>
      {removals.slice(0, shown.removals).map((each) => (
        <li key={`${each.destinationId} ${each.name}`} title={each.name}>
          <b>{each.databaseName}</b>, <Age at={each.createdAt} />,{' '}
          {destinations.find(({ id }) => id === each.destinationId)?.name}
        </li>
      ))}
      {removals.length > shown.removals && <li>and {removals.length - shown.removals} more</li>}
    </ul>
  )
}

function sumOf(removals: Preview['removals']): string {
  const bytes = removals.reduce((sum, each) => sum + each.bytes, 0)
  return `${plural(removals.length, 'copy', 'copies')}, ${formatBytes(bytes)}`
}

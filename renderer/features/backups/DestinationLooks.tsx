import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { call } from '../../lib/call.ts'
import { Age } from '../../ui/Age.tsx'
import { looksQuery } from './queries.ts'
import classes from './Backups.module.css'

/** How old what is known of the destinations is; who sees it has them looked at, in the background. */
export function DestinationLooks() {
  const looks = useQuery(looksQuery).data ?? []
  useEffect(() => {
    // Why one can't be looked at is told with it.
    call('backups.look', {}).catch(() => undefined)
  }, [])
  const failed = looks.filter(({ error }) => error !== null)
  const times = looks.flatMap(({ lookedAt, error }) =>
    error === null && lookedAt !== null ? [lookedAt] : [],
  )
  return (
    <>
      {failed.map(({ destinationId, destinationName, lookedAt, error }) => (
        <span key={destinationId} className={classes.late} title={error?.message}>
          {destinationName}{' '}
          {lookedAt === null ? (
            'could not be looked at'
          ) : (
            <>
              last looked at <Age at={lookedAt} />
            </>
          )}
        </span>
      ))}
      {times.length > 0 && (
        <span className={classes.quiet}>
          {failed.length > 0 ? 'the others' : 'destinations'} looked at{' '}
          <Age at={Math.min(...times)} />
        </span>
      )}
    </>
  )
}

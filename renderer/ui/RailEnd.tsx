import type { ReactNode } from 'react'
import { ErrorBox } from './ErrorBox.tsx'
import classes from './RailEnd.module.css'

/** The foot of a rail: what is promised or went wrong, and the buttons; the last one is the widest. */
export function RailEnd({
  note,
  error,
  children,
}: {
  note?: ReactNode
  error?: unknown
  children: ReactNode
}) {
  return (
    <div className={classes.end}>
      {note !== undefined && <p className={classes.note}>{note}</p>}
      {error !== undefined && error !== null && (
        <div className={classes.error}>
          <ErrorBox error={error} />
        </div>
      )}
      <div className={classes.buttons}>{children}</div>
    </div>
  )
}

import type { ReactNode } from 'react'
import classes from './CodeLine.module.css'

/** One line to copy: the text in a box, what can be done with it beside it. */
export function CodeLine({
  children,
  actions,
  label,
  wrap = false,
}: {
  children: ReactNode
  actions?: ReactNode
  label?: string
  /** Shows all of it, on several lines where need be. */
  wrap?: boolean
}) {
  return (
    <div className={classes.line}>
      <code
        className={`${classes.code} ${wrap ? classes.wrap : ''}`}
        aria-label={label}
        tabIndex={0}
      >
        {children}
      </code>
      {actions}
    </div>
  )
}

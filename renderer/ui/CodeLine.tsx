import type { ReactNode } from 'react'
import classes from './CodeLine.module.css'

/** One line to copy: the text in a box, what can be done with it beside it. */
export function CodeLine({
  children,
  actions,
  label,
}: {
  children: ReactNode
  actions?: ReactNode
  label?: string
}) {
  return (
    <div className={classes.line}>
      <code className={classes.code} aria-label={label} tabIndex={0}>
        {children}
      </code>
      {actions}
    </div>
  )
}

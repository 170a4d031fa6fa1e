import type { ReactNode } from 'react'
import classes from './Facts.module.css'

/** A titled group of facts in a rail, or a note that stands there while there are none. */
export function Facts({
  title,
  note,
  labelWidth = 96,
  children,
}: {
  title?: string
  note?: ReactNode
  labelWidth?: number
  children?: ReactNode
}) {
  return (
    <section className={classes.section}>
      {title !== undefined && <h2 className={classes.title}>{title}</h2>}
      {note}
      {children !== undefined && (
        <dl className={classes.facts} style={{ '--label': `${labelWidth}px` }}>
          {children}
        </dl>
      )}
    </section>
  )
}

/** One fact: its name, its value, and perhaps one thing to do with it. */
export function FactRow({
  label,
  children,
  action,
  stacked = false,
  mono = false,
}: {
  label: string
  children: ReactNode
  action?: ReactNode
  /** Value below its name, for long ones. */
  stacked?: boolean
  mono?: boolean
}) {
  return (
    <div className={stacked ? `${classes.row} ${classes.stacked}` : classes.row}>
      <dt className={classes.label}>{label}</dt>
      <dd className={`${classes.value} ${action === undefined ? '' : classes.withAction}`}>
        {mono ? <span className="mono">{children}</span> : <span>{children}</span>}
        {action}
      </dd>
    </div>
  )
}

import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

/** What is missing, why one wants it, one button. */
export function EmptyState({
  title,
  children,
  action,
}: {
  title: string
  children: ReactNode
  action?: ReactNode
}) {
  return (
    <section className={classes.empty}>
      <h2 className={classes.title}>{title}</h2>
      <p className={classes.text}>{children}</p>
      {action}
    </section>
  )
}

import type { ReactNode } from 'react'
import classes from './Banner.module.css'

/** Says, above every screen, what holds for the whole app, with what can be done about it. */
export function Banner(props: {
  label: string
  icon: ReactNode
  title: string
  hint: string
  children?: ReactNode
}) {
  const { label, icon, title, hint, children } = props
  return (
    <section className={classes.banner} role="status" aria-label={label}>
      <span className={classes.icon}>{icon}</span>
      <div className={classes.words}>
        <div className={classes.title}>{title}</div>
        <div className={classes.hint}>{hint}</div>
      </div>
      {children}
    </section>
  )
}

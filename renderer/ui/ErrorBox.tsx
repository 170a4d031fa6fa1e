import type { ReactNode } from 'react'
import { wordsOfError } from '../lib/error-words.ts'
import classes from './ErrorBox.module.css'
import { TechnicalCause } from './TechnicalCause.tsx'

interface ErrorBoxProps {
  /** Anything thrown, or error data. */
  error: unknown
  /** More to see or fill in, between the words and the buttons. */
  children?: ReactNode
  /** Buttons that help. */
  actions?: ReactNode
}

/** What happened, what to do, the way out, and the technical cause folded. */
export function ErrorBox({ error, children, actions }: ErrorBoxProps) {
  const { message, hint, detail } = wordsOfError(error)
  return (
    <div className={classes.box} role="alert">
      <div className={classes.title}>{message}</div>
      {hint !== undefined && <div className={classes.hint}>{hint}</div>}
      {children !== undefined && <div className={classes.body}>{children}</div>}
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      {detail !== undefined && detail !== '' && <TechnicalCause detail={detail} />}
    </div>
  )
}

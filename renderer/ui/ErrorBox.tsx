import type { ReactNode } from 'react'
import { wordsOfError } from '../lib/error-words.ts'
import { CodeLine } from './CodeLine.tsx'
import { CopyIcon } from './CopyButton.tsx'
import classes from './ErrorBox.module.css'
import { TechnicalCause } from './TechnicalCause.tsx'

interface ErrorBoxProps {
  /** Anything thrown, or error data. */
  error: unknown
  /** More to see or fill in, between the words and the buttons. */
  children?: ReactNode
  /** Buttons that help. */
  actions?: ReactNode
  /** True for what stands in nobody's way. */
  warning?: boolean
}

/** What happened, what to do, the way out, and the technical cause folded. */
export function ErrorBox({ error, children, actions, warning = false }: ErrorBoxProps) {
  const { message, hint, remedy, detail } = wordsOfError(error)
  return (
    <div
      className={`${classes.box} ${warning ? classes.warning : ''}`}
      role={warning ? 'note' : 'alert'}
    >
      <div className={classes.title}>{message}</div>
      {hint !== undefined && <div className={classes.hint}>{hint}</div>}
      {remedy !== undefined && (
        <div className={classes.body}>
          <CodeLine
            wrap
            label="Command that helps"
            actions={<CopyIcon copy={remedy} label="Copy command" />}
          >
            {remedy}
          </CodeLine>
        </div>
      )}
      {children !== undefined && <div className={classes.body}>{children}</div>}
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      {detail !== undefined && detail !== '' && <TechnicalCause detail={detail} />}
    </div>
  )
}

import { Button, Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import classes from './Dialog.module.css'

interface DialogProps {
  title: string
  /** Beside the title: an environment mark. */
  mark?: ReactNode
  /** Draws production's edge along the top. */
  production?: boolean | undefined
  /** Width, pixels; Mantine's own where not given. */
  size?: number
  onClose: () => void
  children: ReactNode
}

/** The frame of every dialog: it takes the focus, and Esc closes it. */
export function Dialog({ title, mark, production, size, onClose, children }: DialogProps) {
  return (
    <Modal
      opened
      onClose={onClose}
      attributes={{ content: { 'aria-label': title } }}
      {...(size !== undefined && { size })}
    >
      {production === true && <div className={classes.production} />}
      <h2 className={classes.title}>
        {title} {mark}
      </h2>
      {children}
    </Modal>
  )
}

/** What a dialog is about, below its title. */
export function DialogText({ children }: { children: ReactNode }) {
  return <div className={classes.text}>{children}</div>
}

/** The foot of a dialog; with `onCancel` there is a way out before the others. */
export function DialogButtons(props: { onCancel?: () => void; children: ReactNode }) {
  return (
    <div className={classes.buttons}>
      {props.onCancel && <Button onClick={props.onCancel}>Cancel</Button>}
      {props.children}
    </div>
  )
}

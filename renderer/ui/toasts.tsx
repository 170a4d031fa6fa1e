import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconAlertCircle, IconCheck, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { wordsOfError } from '../lib/error-words.ts'
import { rememberUndo } from '../lib/undo.ts'
import { Kbd } from './Kbd.tsx'
import classes from './toasts.module.css'

/** The cross has no words of its own. */
const closeButtonProps = { 'aria-label': 'Close message' }

/** Says that something is done. */
export function showDone(message: string): void {
  notifications.show({
    closeButtonProps,
    message: (
      <div className={classes.toast}>
        <span className={classes.icon}>
          <IconCheck size={16} stroke={1.5} color="var(--q-ok)" />
        </span>
        <span className={classes.words}>{message}</span>
      </div>
    ),
  })
}

/** Says what went wrong and what to do, when no field or box on the screen can. */
export function showError(thrown: unknown): void {
  const { code, message, hint = null } = wordsOfError(thrown)
  if (code === 'cancelled') return
  notifications.show({
    closeButtonProps,
    autoClose: 12_000,
    message: <FailedToast title={message} second={hint} />,
  })
}

/** Says what failed elsewhere than on the screen, and leads there. */
export function showFailure(failure: {
  title: string
  reason: string | null
  onShow: () => void
}): void {
  const { title, reason, onShow } = failure
  const id = crypto.randomUUID()
  notifications.show({
    closeButtonProps,
    id,
    autoClose: 20_000,
    message: (
      <FailedToast title={title} second={reason}>
        <Button
          size="xs"
          onClick={() => {
            notifications.hide(id)
            onShow()
          }}
        >
          Show
        </Button>
      </FailedToast>
    ),
  })
}

function FailedToast(props: { title: string; second: string | null; children?: ReactNode }) {
  const { title, second, children } = props
  return (
    <div className={classes.toast} role="alert">
      <span className={`${classes.icon} ${classes.fail}`}>
        <IconAlertCircle size={16} stroke={1.5} />
      </span>
      <span className={classes.words}>
        {title}
        {second !== null && <div className={classes.second}>{second}</div>}
      </span>
      {children}
    </div>
  )
}

/** Offers to take back what was just done, by button or by ⌘Z, for as long as the offer stands. */
export function showUndo(message: string, undo: () => void, sign: 'done' | 'trash' = 'done'): void {
  const id = crypto.randomUUID()
  const { run, forget } = rememberUndo(() => {
    notifications.hide(id)
    undo()
  })
  notifications.show({
    closeButtonProps,
    id,
    autoClose: 12_000,
    onClose: forget,
    message: (
      <div className={classes.toast}>
        <span className={classes.icon}>
          {sign === 'trash' ? (
            <IconTrash size={16} stroke={1.5} />
          ) : (
            <IconCheck size={16} stroke={1.5} color="var(--q-ok)" />
          )}
        </span>
        <span className={classes.words}>{message}</span>
        <Button size="xs" onClick={run}>
          Undo
        </Button>
        <Kbd keys="mod+Z" />
      </div>
    ),
  })
}

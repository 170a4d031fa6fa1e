import { Button, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import { Dialog, DialogButtons, DialogText } from './Dialog.tsx'
import { ErrorBox } from './ErrorBox.tsx'
import classes from './Confirm.module.css'

interface ConfirmProps {
  title: string
  /** Beside the title: an environment mark. */
  mark?: ReactNode
  production?: boolean
  /** What will happen, and what can be taken back. */
  children: ReactNode
  /** Numbers that prove the consequence. */
  proof?: ReactNode
  /** What is to be filled in. */
  field?: ReactNode
  /** Verb and noun. */
  action: string
  pending: boolean
  error: unknown
  onConfirm: () => void
  onClose: () => void
}

/** Asks once before something that clients would notice. */
export function Confirm(props: ConfirmProps) {
  return (
    <Frame {...props} text={props.children}>
      <Button variant="filled" loading={props.pending} onClick={props.onConfirm} data-autofocus>
        {props.action}
      </Button>
    </Frame>
  )
}

/**
 * Asks for the name before something that destroys. The button turns red once the name matches;
 * until then Enter does nothing.
 */
export function ConfirmByName({
  name,
  onConfirm,
  ...rest
}: Omit<ConfirmProps, 'onConfirm' | 'field'> & {
  name: string
  onConfirm: (typed: string) => void
}) {
  const [typed, setTyped] = useState('')
  const matches = typed === name
  const submit = () => {
    if (matches && !rest.pending) onConfirm(typed)
  }
  return (
    <Frame
      {...rest}
      text={rest.children}
      field={
        <TextInput
          label={
            <>
              Type <code>{name}</code> to confirm
            </>
          }
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') submit()
          }}
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
      }
    >
      <Button
        variant="filled"
        disabled={!matches}
        loading={rest.pending}
        onClick={submit}
        {...(classes.danger !== undefined && { className: classes.danger })}
      >
        {rest.action}
      </Button>
    </Frame>
  )
}

function Frame(
  props: Omit<ConfirmProps, 'children' | 'onConfirm'> & {
    children: ReactNode
    text?: ReactNode
  },
) {
  const { title, mark, production, proof, error, onClose, field, children } = props
  return (
    <Dialog title={title} mark={mark} production={production} onClose={onClose}>
      <DialogText>{props.text}</DialogText>
      {proof !== undefined && <div className={classes.proof}>{proof}</div>}
      {field}
      {error !== null && error !== undefined && <ErrorBox error={error} />}
      <DialogButtons onCancel={onClose}>{children}</DialogButtons>
    </Dialog>
  )
}

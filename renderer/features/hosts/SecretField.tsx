import { Button } from '@mantine/core'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { useState } from 'react'
import classes from './HostCheckScreen.module.css'

/** Asks for a password or passphrase where it turned out to be needed. */
export function SecretField({
  label,
  pending,
  onSubmit,
}: {
  label: string
  pending: boolean
  onSubmit: (secret: string) => void
}) {
  const [secret, setSecret] = useState('')
  return (
    <form
      className={classes.secret}
      onSubmit={(event) => {
        event.preventDefault()
        if (secret !== '') onSubmit(secret)
      }}
    >
      <PasswordField
        label={label}
        autoFocus
        value={secret}
        onChange={(event) => {
          setSecret(event.currentTarget.value)
        }}
      />
      <Button type="submit" disabled={secret === ''} loading={pending}>
        Use {label.toLowerCase()}
      </Button>
    </form>
  )
}

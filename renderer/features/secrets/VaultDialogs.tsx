import { Button } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { contract } from '../../../shared/contract/index.ts'
import { sentenceOfError } from '../../lib/error-words.ts'
import { Dialog, DialogButtons, DialogText } from '../../ui/Dialog.tsx'
import { PasswordField } from '../../ui/PasswordField.tsx'
import { useCreateVault, useUnlockVault } from './mutations.ts'
import { secretsQuery } from './queries.ts'
import classes from './VaultDialogs.module.css'

/** Makes the vault file, because the user chose it in place of a keychain. */
export function CreateVault({ onClose }: { onClose: () => void }) {
  const create = useCreateVault()
  const form = useForm({
    initialValues: { passphrase: '', again: '' },
    validate: {
      passphrase: (passphrase) =>
        contract['secrets.createVault'].input.safeParse({ passphrase }).error?.issues[0]?.message,
      again: (again, { passphrase }) => (again === passphrase ? null : 'The two differ.'),
    },
  })
  const settled = useSettled(onClose, form.setFieldError)
  const submit = form.onSubmit(({ passphrase }) => {
    create.mutate({ passphrase }, settled)
  })
  return (
    <VaultDialog
      title="Use a vault file"
      text="Passwords are kept in a file on this computer, encrypted with your passphrase. Quayside asks for it at each start. If it is lost, so are the passwords in it."
      action="Create vault"
      pending={create.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <PasswordField label="Passphrase" data-autofocus {...form.getInputProps('passphrase')} />
      <PasswordField label="Passphrase again" {...form.getInputProps('again')} />
    </VaultDialog>
  )
}

/** Opens the vault file for this run of the app. */
export function UnlockVault({ onClose }: { onClose: () => void }) {
  const unlock = useUnlockVault()
  const form = useForm({
    initialValues: { passphrase: '' },
    validate: { passphrase: (text) => (text === '' ? 'Give the passphrase.' : null) },
  })
  const settled = useSettled(onClose, form.setFieldError)
  const submit = form.onSubmit(({ passphrase }) => {
    unlock.mutate({ passphrase }, settled)
  })
  return (
    <VaultDialog
      title="Unlock vault"
      text="The passphrase opens the vault until Quayside quits."
      action="Unlock vault"
      pending={unlock.isPending}
      onSubmit={submit}
      onClose={onClose}
    >
      <PasswordField label="Passphrase" data-autofocus {...form.getInputProps('passphrase')} />
    </VaultDialog>
  )
}

/** What follows the core's answer: the new state at once, or what it objects to at the field. */
function useSettled(onClose: () => void, setFieldError: (field: string, text: string) => void) {
  const queries = useQueryClient()
  return {
    onSuccess: (status: SecretsStatus) => {
      queries.setQueryData(secretsQuery.queryKey, status)
      onClose()
    },
    onError: (thrown: unknown) => {
      setFieldError('passphrase', sentenceOfError(thrown))
    },
  }
}

function VaultDialog(props: {
  title: string
  text: string
  action: string
  pending: boolean
  onSubmit: (event: React.FormEvent<HTMLFormElement>) => void
  onClose: () => void
  children: ReactNode
}) {
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form onSubmit={props.onSubmit}>
        <DialogText>{props.text}</DialogText>
        <div className={classes.fields}>{props.children}</div>
        <DialogButtons onCancel={props.onClose}>
          <Button type="submit" variant="filled" loading={props.pending}>
            {props.action}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

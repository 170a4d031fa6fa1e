import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { recoveryKeyQuery } from './queries.ts'
import { SaveRecoveryKey } from './SaveRecoveryKey.tsx'
import classes from './RecoveryKey.module.css'

/** Whether to encrypt; the recovery key has to be saved before the first time. */
export function EncryptField(props: { checked: boolean; onChange: (checked: boolean) => void }) {
  const { checked, onChange } = props
  const status = useQuery(recoveryKeyQuery)
  return (
    <div className={classes.field}>
      <Switch
        label="Encrypt"
        description="AES-256-GCM, with a key of the destination. This computer’s keychain holds it, the recovery key opens it."
        checked={checked}
        onChange={(event) => {
          onChange(event.currentTarget.checked)
        }}
      />
      {checked && status.isError && <ErrorBox error={status.error} />}
      {checked && status.data?.savedAt === null && <SaveRecoveryKey />}
    </div>
  )
}

/** True where encrypting has to wait until the recovery key is saved. */
export function useRecoveryKeyMissing(): boolean {
  const status = useQuery(recoveryKeyQuery).data
  return status === undefined || status.savedAt === null
}

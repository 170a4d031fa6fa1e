import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { Confirm } from '../../ui/Confirm.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { useRotateKey } from './mutations.ts'

/** Asks before a destination gets a new key, and says what came of it. */
export function RotateKey({
  destination,
  onClose,
}: {
  destination: DestinationView
  onClose: () => void
}) {
  const { id, name } = destination
  const rotate = useRotateKey()
  return (
    <Confirm
      title={`Rotate the key of ${name}`}
      action="Rotate key"
      pending={rotate.isPending}
      error={rotate.error}
      onConfirm={() => {
        rotate.mutate(
          { id },
          {
            onSuccess: () => {
              onClose()
              showDone(`Backups to ${name} are encrypted with a new key from now on`)
            },
          },
        )
      }}
      onClose={onClose}
    >
      Backups from now on are encrypted with a new key; those that lie there stay as they are and
      are read with the older keys, which the keychain keeps. The same recovery key opens all of
      them.
    </Confirm>
  )
}

import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { sentenceOfError, wordsOfError } from '../../lib/error-words.ts'
import { plural } from '../../lib/format.ts'
import { Dialog, DialogButtons, DialogText } from '../../ui/Dialog.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { showDone } from '../../ui/toasts.tsx'
import { useEnterRecoveryKey, useScanDestination } from './mutations.ts'
import classes from './Destinations.module.css'

/** Takes the recovery key of another installation, so that its backups here can be opened. */
export function EnterRecoveryKey({
  destination,
  onClose,
}: {
  destination: DestinationView
  onClose: () => void
}) {
  const { id, name } = destination
  const [typed, setTyped] = useState('')
  const enter = useEnterRecoveryKey()
  const scan = useScanDestination()
  const atField = enter.isError && wordsOfError(enter.error).code === 'recovery_key_wrong'
  return (
    <Dialog title={`Open the backups at ${name}`} size={480} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (typed.trim() === '' || enter.isPending) return
          enter.mutate(
            { destinationId: id, text: typed },
            {
              onSuccess: ({ keys, adopted }) => {
                onClose()
                const own = adopted ? '; the recovery key is this computer’s own now' : ''
                showDone(`${plural(keys, 'key')} of ${name} opened${own}`)
                scan.mutate({ destinationId: id })
              },
            },
          )
        }}
      >
        <DialogText>
          Give the recovery key of the installation that made them. It opens their keys, which this
          computer’s keychain then holds.
        </DialogText>
        <TextInput
          label="Recovery key"
          description="13 groups of 5 characters; hyphens and case don’t matter."
          inputWrapperOrder={['label', 'input', 'error', 'description']}
          classNames={{ input: 'mono' }}
          autoComplete="off"
          spellCheck={false}
          maxLength={200}
          value={typed}
          error={atField ? sentenceOfError(enter.error) : undefined}
          onChange={(event) => {
            setTyped(event.currentTarget.value)
            enter.reset()
          }}
          data-autofocus
        />
        {enter.isError && !atField && (
          <div className={classes.check}>
            <ErrorBox error={enter.error} />
          </div>
        )}
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="filled"
            disabled={typed.trim() === ''}
            loading={enter.isPending}
          >
            Open backups
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  )
}

import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import type { DestinationView } from '../../../shared/contract/destinations.ts'
import { Dialog, DialogButtons, DialogText } from '../../ui/Dialog.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { DestinationCheckSteps } from './DestinationCheckSteps.tsx'
import { useDestinationCheck } from './use-destination-check.ts'
import classes from './Destinations.module.css'

/** Checks a destination at once and shows each step as it goes. */
export function CheckDestination({
  destination,
  onClose,
}: {
  destination: DestinationView
  onClose: () => void
}) {
  const { id, name, place } = destination
  const check = useDestinationCheck()
  const began = useRef(false)
  const { run } = check
  useEffect(() => {
    if (began.current) return
    began.current = true
    run({ id })
  }, [id, run])
  return (
    <Dialog title={`Check ${name}`} size={480} onClose={onClose}>
      <DialogText>{place}</DialogText>
      {check.error === null ? (
        <DestinationCheckSteps steps={check.steps} />
      ) : (
        <ErrorBox error={check.error} />
      )}
      {check.ok && (
        <p className={classes.checkOk} role="status">
          Everything a backup needs works there.
        </p>
      )}
      <DialogButtons>
        <Button
          loading={check.pending}
          onClick={() => {
            run({ id })
          }}
        >
          Check again
        </Button>
        <Button variant="filled" onClick={onClose} data-autofocus>
          Close
        </Button>
      </DialogButtons>
    </Dialog>
  )
}

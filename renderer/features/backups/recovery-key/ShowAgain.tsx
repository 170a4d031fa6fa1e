import { Button } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { Confirm } from '../../../ui/Confirm.tsx'
import { useRevealRecoveryKey } from './queries.ts'
import { ShownRecoveryKey } from './ShownRecoveryKey.tsx'
import classes from './RecoveryKey.module.css'

/** How long the key is seen before it is hidden again, milliseconds. */
const shownMs = 60_000

/** Shows a key that is saved already once more: after a question, and for a minute. */
export function ShowAgain() {
  const [asks, setAsks] = useState(false)
  const reveal = useRevealRecoveryKey()
  const { reset } = reveal
  const text = reveal.data?.text
  useEffect(() => {
    if (text === undefined) return
    const timer = setTimeout(reset, shownMs)
    return () => {
      clearTimeout(timer)
    }
  }, [text, reset])
  if (text !== undefined) {
    return (
      <section className={classes.box} aria-label="Recovery key">
        <h2 className={classes.title}>
          <IconKey size={16} stroke={1.5} />
          Keep it elsewhere: in a password manager, or on paper
        </h2>
        <p className={classes.text}>It is hidden again in a minute.</p>
        <ShownRecoveryKey text={text} />
        <div className={classes.buttons}>
          <Button onClick={reset}>Hide recovery key</Button>
        </div>
      </section>
    )
  }
  return (
    <div className={classes.buttons}>
      <Button
        leftSection={<IconKey stroke={1.5} />}
        onClick={() => {
          setAsks(true)
        }}
      >
        Show recovery key…
      </Button>
      {asks && (
        <Confirm
          title="Show the recovery key"
          action="Show recovery key"
          pending={reveal.isPending}
          error={reveal.error}
          onConfirm={() => {
            reveal.mutate(undefined, {
              onSuccess: () => {
                setAsks(false)
              },
            })
          }}
          onClose={() => {
            setAsks(false)
          }}
        >
          Whoever sees it can open every encrypted backup that they can read. Go on once nobody
          looks over your shoulder or at your shared screen. That it was shown is written to the
          history.
        </Confirm>
      )}
    </div>
  )
}

import { Button, TextInput } from '@mantine/core'
import { IconKey } from '@tabler/icons-react'
import { useState } from 'react'
import { sentenceOfError } from '../../../lib/error-words.ts'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { ShownRecoveryKey } from './ShownRecoveryKey.tsx'
import { useConfirmRecoveryKey, useRevealRecoveryKey } from './queries.ts'
import classes from './RecoveryKey.module.css'

/** Shows the recovery key on request and wants its last group as the proof that it is saved. */
export function SaveRecoveryKey() {
  const reveal = useRevealRecoveryKey()
  const confirm = useConfirmRecoveryKey()
  const [typed, setTyped] = useState('')
  const text = reveal.data?.text
  const save = () => {
    if (typed.trim() !== '' && !confirm.isPending) confirm.mutate(typed.trim())
  }
  return (
    <section className={classes.box} aria-label="Recovery key">
      <h3 className={classes.title}>
        <IconKey size={16} stroke={1.5} />
        Save the recovery key first
      </h3>
      <p className={classes.text}>
        It opens your encrypted backups when this computer is gone. Without it they are lost then.
        Keep it elsewhere: in a password manager, or on paper.
      </p>
      {reveal.isError && <ErrorBox error={reveal.error} />}
      {text === undefined ? (
        <Button
          loading={reveal.isPending}
          onClick={() => {
            reveal.mutate()
          }}
        >
          Show recovery key
        </Button>
      ) : (
        <>
          <ShownRecoveryKey text={text} />
          <div className={classes.confirm}>
            <TextInput
              label="Its last group, from where you saved it"
              placeholder="5 characters"
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              value={typed}
              error={confirm.isError ? sentenceOfError(confirm.error) : undefined}
              onChange={(event) => {
                setTyped(event.currentTarget.value)
                confirm.reset()
              }}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return
                event.preventDefault()
                save()
              }}
            />
            <Button disabled={typed.trim() === ''} loading={confirm.isPending} onClick={save}>
              I have saved it
            </Button>
          </div>
        </>
      )}
    </section>
  )
}

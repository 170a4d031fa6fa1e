import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { CheckStep, HostConnection, HostKey } from '../../../shared/contract/hosts.ts'
import { formatDuration } from '../../lib/format.ts'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import type { Step } from '../../ui/StepList.tsx'
import { hostFormField } from './host-form.ts'
import { HostKeyQuestion } from './HostKeyQuestion.tsx'
import { SecretField } from './SecretField.tsx'
import classes from './HostCheckScreen.module.css'

interface CheckLinesInput {
  steps: readonly CheckStep[]
  connection: HostConnection
  unknownKey: HostKey | null
  pending: boolean
  onTrust: (fingerprint: string) => void
  /** Left out where nothing is being added: then the question stands without that answer. */
  onDiffers?: () => void
  onSecret: (secret: string) => void
  onAgain: () => void
  /** Where Docker could be installed: begins to, with the plan. */
  onInstall?: () => void
  /** The plan or the installation itself, in the step that lacks Docker. */
  installation?: ReactNode
  /** Back to a form, where there is one. */
  onBack?: (error: unknown) => void
}

/** A check's steps as lines; the question and the failing step open by themselves. */
export function checkStepLines(input: CheckLinesInput): Step[] {
  return input.steps.map((step): Step => {
    const body = bodyOf(step, input)
    return {
      key: step.name,
      state: step.state,
      title: step.title,
      ...(step.state !== 'question' && { fact: factOf(step) }),
      ...(step.ms !== null && step.state !== 'question' && { right: formatDuration(step.ms) }),
      ...(body !== undefined && { body }),
    }
  })
}

/** A step that still runs asks for something by it. */
function factOf({ state, fact }: CheckStep): ReactNode {
  return state === 'running' && fact !== null ? (
    <strong className={classes.asked}>{fact}</strong>
  ) : (
    fact
  )
}

function bodyOf(step: CheckStep, input: CheckLinesInput) {
  const { connection, unknownKey, pending } = input
  if (step.state === 'question' && unknownKey !== null) {
    return (
      <HostKeyQuestion
        shownBy={connection.kind === 'ssh' ? connection.address : 'the server'}
        hostKey={unknownKey}
        pending={pending}
        onTrust={input.onTrust}
        {...(input.onDiffers !== undefined && { onDiffers: input.onDiffers })}
      />
    )
  }
  const { error } = step
  if (error === null) return undefined
  if (step.state === 'warning') return <ErrorBox error={error} warning />
  if (step.state !== 'failed') return undefined
  const { onInstall, installation } = input
  const lacksDocker = error.code === 'docker_missing' && connection.kind !== 'local'
  if (lacksDocker && installation !== undefined) return installation
  const wanted = wantedSecret(error.code, connection)
  const { onBack } = input
  const belongsToForm = hostFormField(error.field) !== undefined
  if (wanted !== null) {
    return (
      <ErrorBox error={error}>
        <SecretField label={wanted} pending={pending} onSubmit={input.onSecret} />
      </ErrorBox>
    )
  }
  return (
    <ErrorBox
      error={error}
      actions={
        <>
          <Button size="xs" loading={pending} onClick={input.onAgain}>
            Check again
          </Button>
          {lacksDocker && onInstall !== undefined && (
            <Button size="xs" variant="filled" onClick={onInstall}>
              Install Docker…
            </Button>
          )}
          {belongsToForm && onBack !== undefined && (
            <Button
              size="xs"
              onClick={() => {
                onBack(error)
              }}
            >
              Change it
            </Button>
          )}
        </>
      }
    />
  )
}

/** Which secret would help at this error, if any. */
function wantedSecret(code: string, connection: HostConnection): string | null {
  if (code === 'passphrase_needed' || code === 'passphrase_wrong') return 'Passphrase'
  const byPassword = connection.kind === 'ssh' && connection.login.kind === 'password'
  return code === 'login_refused' && byPassword ? 'Password' : null
}

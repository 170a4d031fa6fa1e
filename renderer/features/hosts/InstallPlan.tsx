import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import type { DockerInstallPlan } from '../../../shared/contract/hosts.ts'
import { CodeLine } from '../../ui/CodeLine.tsx'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import { ErrorBox } from '../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../ui/LoadingRows.tsx'
import classes from './InstallDocker.module.css'

interface InstallPlanProps {
  /** Undefined while the host is looked at. */
  plan: DockerInstallPlan | undefined
  /** Why there is no plan, or why it could not be begun. */
  error: Error | null
  pending: boolean
  /** What the button says, such as that the host is added too. */
  action: string
  onInstall: (plan: DockerInstallPlan) => void
  onAgain: () => void
  onBack: () => void
  /** What else has to be said before, such as the host's name. */
  children?: ReactNode
}

/** Every command that would install Docker, as it will be run, and what it changes. */
export function InstallPlan(props: InstallPlanProps) {
  const { plan, error, pending, action, onInstall, onAgain, onBack, children } = props
  const back = <Button onClick={onBack}>Not now</Button>
  if (plan === undefined) {
    if (error === null) return <LoadingRows count={3} />
    return (
      <ErrorBox
        error={error}
        actions={
          <>
            <Button size="xs" onClick={onAgain}>
              Look again
            </Button>
            <Button size="xs" onClick={onBack}>
              Back
            </Button>
          </>
        }
      />
    )
  }
  const by = plan.as === 'root' ? 'by root' : `by ${plan.user} through sudo`
  return (
    <section className={classes.plan} aria-label="Plan of the installation">
      <h2 className={classes.title}>Install Docker on {plan.os}</h2>
      <p className={classes.lead}>
        These commands are run there, one by one, {by}. Nothing else is.
      </p>
      <ol className={classes.steps}>
        {plan.steps.map((step) => (
          <li key={step.name}>
            <div className={classes.stepTitle}>{step.title}</div>
            <CodeLine
              wrap
              label={step.title}
              actions={<CopyIcon copy={step.command} label={`Copy command: ${step.title}`} />}
            >
              {step.command}
            </CodeLine>
            <div className={classes.changes}>{step.changes}</div>
          </li>
        ))}
      </ol>
      {error !== null && <ErrorBox error={error} />}
      {children}
      <div className={classes.bottom}>
        <Button
          variant="filled"
          loading={pending}
          onClick={() => {
            onInstall(plan)
          }}
        >
          {action}
        </Button>
        {back}
      </div>
    </section>
  )
}

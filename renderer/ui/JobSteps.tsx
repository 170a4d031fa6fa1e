import type { ReactNode } from 'react'
import type { JobProgress, JobStep, JobView } from '../../shared/contract/jobs.ts'
import { bytesSoFar, formatDuration, formatRate } from '../lib/format.ts'
import { Elapsed } from './Age.tsx'
import { ErrorBox } from './ErrorBox.tsx'
import classes from './JobSteps.module.css'
import { WorkBar } from './Meter.tsx'
import { StepList, type Step } from './StepList.tsx'

/** A job's steps with the running one's progress and the failed one's error. */
export function JobSteps({
  job,
  progress,
  errorActions,
}: {
  job: JobView
  progress: JobProgress | undefined
  errorActions?: ReactNode
}) {
  const failed = failedStep(job)
  const steps = job.steps.map((step): Step => {
    const right = timeOf(step)
    const told = step.state === 'running' && progress?.step === step.name ? progress : undefined
    const body =
      told !== undefined ? (
        <StepProgress progress={told} />
      ) : step === failed && job.error !== null ? (
        <ErrorBox error={job.error} actions={errorActions} />
      ) : undefined
    return {
      key: step.name,
      state: step === failed ? 'failed' : step.state,
      title: step.title,
      fact: told === undefined ? step.fact : null,
      ...(right !== undefined && { right }),
      ...(body !== undefined && { body }),
    }
  })
  return (
    <>
      {steps.length > 0 && <StepList steps={steps} label={`Steps of ${job.title}`} />}
      {failed === undefined && job.error !== null && job.error.code !== 'cancelled' && (
        <div className={steps.length > 0 ? classes.after : undefined}>
          <ErrorBox error={job.error} actions={errorActions} />
        </div>
      )}
    </>
  )
}

function failedStep(job: JobView): JobStep | undefined {
  return job.steps.find((step) => step.state === 'failed')
}

function timeOf(step: JobStep): ReactNode {
  if (step.state === 'undone' || step.startedAt === null) return undefined
  if (step.state === 'running') return <Elapsed from={step.startedAt} to={null} />
  return step.endedAt === null ? undefined : formatDuration(step.endedAt - step.startedAt)
}

function StepProgress({ progress }: { progress: JobProgress }) {
  const { bytes, totalBytes, bytesPerSecond, text } = progress
  const right = [bytesPerSecond === null ? null : formatRate(bytesPerSecond), text]
  return (
    <div>
      {bytes !== null && <WorkBar part={bytes} whole={totalBytes} />}
      <div className={classes.numbers}>
        <span>{bytes === null ? '' : bytesSoFar(bytes, totalBytes)}</span>
        <span>{right.filter((part) => part !== null && part !== '').join(', ')}</span>
      </div>
    </div>
  )
}

import { Button } from '@mantine/core'
import type { JobView } from '../../../shared/contract/jobs.ts'
import { useJobProgress } from '../../lib/live.ts'
import { bytesSoFar } from '../../lib/format.ts'
import { WorkBar } from '../../ui/Meter.tsx'
import { useCancelJob } from './mutations.ts'
import classes from './DatabaseList.module.css'

/** A row's place for numbers while the database is being created: the step, its bytes, Cancel. */
export function DatabaseWork({ job }: { job: JobView }) {
  const progress = useJobProgress(job.id)
  const cancel = useCancelJob()
  const index = job.steps.findIndex((step) => step.state === 'running')
  const step = job.steps[index]
  const done = job.steps.filter((each) => each.state === 'done').length
  const bytes = progress !== undefined && progress.step === step?.name ? progress.bytes : null
  const total = bytes === null ? null : (progress?.totalBytes ?? null)
  return (
    <div role="cell" className={classes.work}>
      <div className={classes.workBar}>
        <div className={classes.workWords}>
          <span>
            {job.undoing
              ? 'Taking back what was made'
              : `Step ${Math.max(1, index + 1)} of ${job.steps.length}`}{' '}
            <span className={classes.workStep}>{job.undoing ? '' : step?.title}</span>
          </span>
          <span>{bytes === null ? '' : bytesSoFar(bytes, total)}</span>
        </div>
        {bytes !== null && total !== null ? (
          <WorkBar part={bytes} whole={total} />
        ) : (
          <WorkBar part={done} whole={job.steps.length} />
        )}
      </div>
      <Button
        size="xs"
        disabled={job.cancelRequested || !job.cancellable}
        onClick={() => {
          cancel.mutate(job.id)
        }}
      >
        {job.cancelRequested ? 'Cancelling' : 'Cancel'}
      </Button>
    </div>
  )
}

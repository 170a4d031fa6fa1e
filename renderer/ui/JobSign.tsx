import { IconArrowBackUp, IconCheck, IconClock } from '@tabler/icons-react'
import type { JobView } from '../../shared/contract/jobs.ts'
import { StateDot } from './StateDot.tsx'

/** A job's state as a sign: working, done, failed, taken back. */
export function JobSign({ job }: { job: JobView }) {
  switch (job.state) {
    case 'running':
      return job.interrupted ? (
        <StateDot kind="attention" label="Interrupted" />
      ) : (
        <StateDot kind="working" label="Running" />
      )
    case 'waiting':
      return <IconClock size={14} stroke={1.5} color="var(--q-text3)" aria-label="Waiting" />
    case 'done':
      return <IconCheck size={14} stroke={1.5} color="var(--q-ok)" aria-label="Done" />
    case 'failed':
      return <StateDot kind="failed" label="Failed" />
    case 'cancelled':
      return (
        <IconArrowBackUp size={14} stroke={1.5} color="var(--q-text3)" aria-label="Cancelled" />
      )
  }
}

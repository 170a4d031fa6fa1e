import type { JobProgress } from '../../../shared/contract/jobs.ts'
import { formatSpan } from '../../lib/format.ts'

/** How long the running step will take by its present rate; nothing where that is not known. */
export function TimeLeft(props: {
  progress: JobProgress | undefined
  running: string | undefined
}) {
  const { progress, running } = props
  if (progress === undefined || progress.step !== running) return null
  const { bytes, totalBytes, bytesPerSecond } = progress
  if (bytes === null || totalBytes === null || bytesPerSecond === null || bytesPerSecond <= 0) {
    return null
  }
  const left = ((totalBytes - bytes) / bytesPerSecond) * 1000
  return left < 1000 ? null : <>, about {formatSpan(left)} left in this step</>
}

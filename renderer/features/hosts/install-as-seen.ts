import type { JobStep, JobView } from '../../../shared/contract/jobs.ts'
import { hasEnded } from '../jobs/queries.ts'

/** Why a try came to nothing that says nothing about the installation itself. */
const outOfReach: ReadonlySet<string> = new Set(['host_lost', 'host_unreachable'])

/** An installation of Docker as it is shown. */
export interface InstallAsSeen {
  job: JobView
  /** What becomes of it while the connection is lost; null while there is one. */
  meanwhile: string | null
}

/**
 * An installation whose connection is lost has not failed: its command goes on at the host, so its step
 * is shown as one that runs. Once it is looked on at again, nothing is left of that.
 */
export function installAsSeen(job: JobView): InstallAsSeen {
  if (hasEnded(job) || job.error === null || !outOfReach.has(job.error.code)) {
    return { job, meanwhile: null }
  }
  const cut = job.steps.find(({ state }) => state === 'failed')
  const begun = job.steps.some(({ state }) => state !== 'waiting')
  const connected = job.state === 'running' && cut === undefined && begun
  const steps = job.steps.map((step) =>
    step === cut ? { ...step, state: 'running' as const } : step,
  )
  return {
    job: { ...job, error: null, steps },
    meanwhile: connected ? null : `${goesOn(cut, begun)} Quayside connects again by itself.`,
  }
}

function goesOn(cut: JobStep | undefined, begun: boolean): string {
  if (!begun) return 'Nothing has begun there yet.'
  if (cut === undefined) return 'No command runs there now, and what is done stays.'
  if (cut.name === 'check')
    return 'Docker is installed there; whether it can be used is checked then.'
  return `The installation goes on there: “${cut.title}” runs to its end.`
}

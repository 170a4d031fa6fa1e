import type { JobView } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'

// The most that the contract gives at once.
const lookBack = 500

/**
 * The job of that id, or the only one whose id begins with it.
 * @throws QuaysideError `not_found`; `invalid_input` when several begin so
 */
export async function findJob(core: Core, id: string, signal: AbortSignal): Promise<JobView> {
  const jobs = await core.jobs.list({ limit: lookBack }, { signal })
  const wanted = id.toLowerCase()
  const [found, second] = wanted === '' ? [] : jobs.filter((job) => job.id.startsWith(wanted))
  if (second !== undefined) {
    throw new QuaysideError('invalid_input', `Several jobs begin with "${id}".`, {
      hint: 'Give more of the id: "quayside job list --json" shows it whole.',
    })
  }
  if (found === undefined) {
    throw new QuaysideError('not_found', `There is no job "${id}".`, {
      hint: '"quayside job list" shows the jobs.',
    })
  }
  return found
}

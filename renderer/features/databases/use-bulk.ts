import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobView } from '../../../shared/contract/jobs.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { call } from '../../lib/call.ts'
import { plural } from '../../lib/format.ts'
import { wordsOfError } from '../../lib/error-words.ts'
import { showDone, showError, showUndo } from '../../ui/toasts.tsx'
import { jobEnd } from '../jobs/queries.ts'
import { skippedWords, type BulkPlan } from './bulk.ts'

const acts = {
  start: { method: 'databases.start', doing: 'Starting', done: ['runs', 'run'] },
  stop: { method: 'databases.stop', doing: 'Stopping', done: ['is stopped', 'are stopped'] },
} as const

/** Undoes a stop. */
async function startAgain(databases: readonly DatabaseView[]): Promise<void> {
  showDone(`Starting ${plural(databases.length, 'database')} again.`)
  // One after the other, as they were stopped.
  for (const { id } of databases) {
    try {
      await call('databases.start', { id })
    } catch (thrown) {
      showError(thrown)
    }
  }
}

/** Starts or stops several databases, each by a job of its own; says what is left out and what came of it. */
export function useBulk() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (plan: BulkPlan) => {
      const { method, doing } = acts[plan.act]
      const skipped = skippedWords(plan)
      showDone(`${doing} ${plural(plan.run.length, 'database')}. ${skipped ?? ''}`.trimEnd())
      const refused: ErrorData[] = []
      const ends: Promise<JobView>[] = []
      // One after the other: each only writes down a job, and hundreds at once would be held back.
      for (const { id, name } of plan.run) {
        try {
          const { jobId } = await call(method, { id })
          ends.push(jobEnd(queries, jobId))
        } catch (thrown) {
          const error = wordsOfError(thrown)
          refused.push({ ...error, message: `${name}: ${error.message}` })
        }
      }
      return { refused, ended: await Promise.all(ends) }
    },
    onError: showError,
    onSuccess: ({ refused, ended }, { act, run }) => {
      const doneJobs = ended.filter((job) => job.state === 'done')
      const done = doneJobs.length
      const broken = ended.flatMap(({ title, error }) =>
        error === null ? [] : [{ ...error, message: `${title}: ${error.message}` }],
      )
      const [one, many] = acts[act].done
      const words = `${plural(done, 'database')} ${done === 1 ? one : many}`
      if (done > 0 && act === 'stop') {
        const stopped = new Set(doneJobs.map(({ databaseId }) => databaseId))
        showUndo(words, () => {
          void startAgain(run.filter(({ id }) => stopped.has(id)))
        })
      } else if (done > 0) showDone(words)
      const [first, ...others] = [...refused, ...broken]
      if (first === undefined) return
      const more = others.length > 0 ? ` ${plural(others.length, 'other')} failed too.` : ''
      showError({ ...first, message: `${first.message}${more}` } satisfies ErrorData)
    },
  })
}

import * as z from 'zod'
import { jobSchema, type JobView } from '../../../shared/contract/jobs.ts'
import { environmentSchema } from '../../../shared/names.ts'
import type { JobRecord, Stores } from '../ports.ts'
import type { JobDefinition } from './job-definition.ts'

/** What every job's input carries for those who look at it later, when the record may be gone. */
export const jobAboutSchema = z.object({
  about: z.object({
    hostName: z.string(),
    environment: environmentSchema,
    /** Another job began it, or a schedule: nobody waits for it. */
    byItself: z.boolean().optional(),
  }),
})

/** A job on a host itself has no environment. */
const hostAboutSchema = z.object({ about: z.object({ hostName: z.string() }) })

/** What a schedule began says which one. */
const scheduledSchema = z.object({ scheduleId: z.string() })

/** A job as its faces show it. */
export function viewJob(
  stores: Stores,
  definitions: ReadonlyMap<string, JobDefinition>,
  job: JobRecord,
): JobView {
  const about = jobAboutSchema.safeParse(job.input)
  const host = hostAboutSchema.safeParse(job.input)
  const scheduled = scheduledSchema.safeParse(job.input)
  // Whether its process lives is asked of the system: only for one that runs.
  const runs = job.state === 'running'
  const ownerAlive = runs && job.owner !== null && stores.processes.alive().has(job.owner)
  return jobSchema.parse({
    id: job.id,
    kind: job.kind,
    title: job.title,
    state: job.state,
    undoing: job.undoing !== null,
    interrupted: runs && !ownerAlive,
    cancelRequested: job.cancelRequested,
    cancellable: definitions.get(job.kind)?.cancellable === true,
    attempt: job.attempt,
    createdAt: job.createdAt,
    startedAt: job.startedAt,
    endedAt: job.endedAt,
    runAt: job.runAt,
    steps: stores.jobs.steps(job.id).map(({ name, title, state, fact, startedAt, endedAt }) => ({
      name,
      title,
      state,
      fact,
      startedAt,
      endedAt,
    })),
    error: job.error,
    databaseId: job.databaseId,
    hostId: job.hostId,
    hostName: host.success ? host.data.about.hostName : null,
    environment: about.success ? about.data.about.environment : null,
    byItself: scheduled.success || (about.success && about.data.about.byItself === true),
  } satisfies z.input<typeof jobSchema>)
}

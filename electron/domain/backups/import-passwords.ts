import * as z from 'zod'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import {
  secretKeys,
  type Clock,
  type JobRecord,
  type Log,
  type Secrets,
  type Stores,
} from '../ports.ts'

/** What an import's first step says of the password of the server elsewhere. */
export const passwordFacts = {
  inUse: 'its password lies in the keychain until this is done',
  kept: 'its password lies in the keychain for a day more, for a retry',
  forgotten: 'its password is out of the keychain again',
}

/** How long a failed import may be retried without its connection string, milliseconds. */
const keptMs = 86_400_000
/** Between two looks, milliseconds. */
const lookMs = 3_600_000
/** Older ones were looked at when they were young. */
const most = 200

const inputSchema = z.object({ create: z.object({ databaseId: databaseIdSchema }) })

/** The passwords that failed imports have left in the keychain. */
export interface ImportPasswords {
  /** Takes out those whose time is over, now and from now on. */
  follow(): void
  /** Once. What can't be taken out for now is written to the log and stays for the next time. */
  forgetOld(): Promise<void>
  stop(): void
}

/**
 * Keeps the password of a server elsewhere no longer than its import can use it. The job is the record
 * of it: it is there before the password and says in its first step what became of that.
 */
export function createImportPasswords(deps: {
  stores: Pick<Stores, 'jobs'>
  secrets: Pick<Secrets, 'delete'>
  clock: Clock
  log: Log
}): ImportPasswords {
  const { stores, secrets, clock, log } = deps
  let timer: NodeJS.Timeout | undefined

  const isDue = ({ id, endedAt }: JobRecord): boolean =>
    clock.now() - (endedAt ?? 0) >= keptMs &&
    stores.jobs.steps(id)[0]?.fact !== passwordFacts.forgotten

  const forgetDue = async (): Promise<void> => {
    for (const job of stores.jobs.failed([jobKinds.importServer], most).filter(isDue)) {
      const { databaseId } = inputSchema.parse(job.input).create
      await secrets.delete(secretKeys.importSource(databaseId))
      const [first] = stores.jobs.steps(job.id)
      // A retry meanwhile is told by its own step what it lacks.
      if (first !== undefined && stores.jobs.get(job.id)?.state === 'failed')
        stores.jobs.updateStep(job.id, first.name, { fact: passwordFacts.forgotten })
    }
  }
  const forgetOld = (): Promise<void> =>
    forgetDue().catch((thrown: unknown) =>
      log.warn('the password of a failed import stays for now', { reason: String(thrown) }),
    )
  const look = (): void => void forgetOld()
  return {
    forgetOld,
    follow: () => {
      if (timer !== undefined) return
      timer = setInterval(look, lookMs)
      timer.unref()
      look()
    },
    stop: () => clearInterval(timer),
  }
}

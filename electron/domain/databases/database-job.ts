import * as z from 'zod'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Engines } from '../engines.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import { jobAboutSchema } from '../jobs/job-view.ts'
import type { Clock, DatabaseRecord, Host, Publish, Secrets, Stores } from '../ports.ts'
import { databaseOf } from './database-of.ts'

/** What every job on a database needs of the core. */
export interface DatabaseJobDeps {
  stores: Stores
  secrets: Secrets
  clock: Clock
  publish: Publish
  registry: HostRegistry
  engines: Engines
}

/** The input of a job on a database that exists. */
export const databaseJobSchema = z.object({
  databaseId: databaseIdSchema,
  hostId: hostIdSchema,
  about: jobAboutSchema.shape.about,
})
export type DatabaseJobInput = z.infer<typeof databaseJobSchema>

/** How long a step waits for a lost host before the try counts as failed, milliseconds. */
const hostWaitMs = 60_000

/**
 * The database's host once it answers. A step that finds the link down waits here, so that it goes on
 * the moment the link is back.
 */
export async function hostOf(
  deps: DatabaseJobDeps,
  input: Pick<DatabaseJobInput, 'hostId' | 'about'>,
  signal: AbortSignal,
): Promise<Host> {
  const patience = AbortSignal.timeout(hostWaitMs)
  try {
    return await deps.registry.ready(input.hostId, AbortSignal.any([signal, patience]))
  } catch (thrown) {
    signal.throwIfAborted()
    if (!patience.aborted) throw thrown
    const error = deps.registry.get(input.hostId).status.error
    throw new QuaysideError('host_unreachable', `${input.about.hostName} does not answer.`, {
      hint: 'Quayside tries again by itself. Check the network and the host.',
      detail: error?.detail ?? error?.message,
    })
  }
}

/** The record, which a job on an existing database must find. */
export function recordOf(deps: DatabaseJobDeps, input: DatabaseJobInput): DatabaseRecord {
  return databaseOf(deps.stores, input.databaseId)
}

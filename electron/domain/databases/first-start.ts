import type { Engine } from '../../engines/engine.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { StepContext } from '../jobs/job-definition.ts'
import type { DatabaseRecord, Docker } from '../ports.ts'
import { hostOf, recordOf, type DatabaseJobDeps, type DatabaseJobInput } from './database-job.ts'
import { rebuild } from './ensure-container.ts'
import { passwordOf, waitUntilReady } from './server.ts'

/** How often a server that was torn while it initialised is begun anew. */
const maxRebuilds = 2

/**
 * Waits for the first login. A server whose first start was cut (dockerd stopped, say) may come up
 * with half an initialisation; it has never been ready, so nothing in it is of value, and it is begun
 * anew from an empty volume.
 */
export async function becomeReady(
  deps: DatabaseJobDeps,
  input: DatabaseJobInput,
  step: StepContext,
): Promise<void> {
  const { stores, secrets, clock } = deps
  for (let rebuilds = 0; ; rebuilds++) {
    const host = await hostOf(deps, input, step.signal)
    const record = recordOf(deps, input)
    const engine = deps.engines.get(record.engine)
    try {
      await waitUntilReady({ host, engine, secrets, record, clock }, step.signal)
      return
    } catch (thrown) {
      const torn = thrown instanceof QuaysideError && thrown.code === 'engine_failed'
      if (!torn || rebuilds >= maxRebuilds) throw thrown
      step.fact('Its first start was interrupted; begun anew')
      const password = await passwordOf(secrets, record)
      await rebuild({ stores, docker: host.docker(), engine, password }, record, step.signal)
    }
  }
}

/** Empties what only the first start was to read. */
export async function emptySecretFiles(
  docker: Docker,
  engine: Engine,
  { user, database, version }: DatabaseRecord,
  containerId: string,
  signal: AbortSignal,
): Promise<void> {
  const { files } = engine.server({ version, user, database, password: '' })
  const emptied = files.filter((file) => file.secret).map((file) => ({ ...file, content: '' }))
  await docker.putFiles(containerId, emptied, { signal })
}

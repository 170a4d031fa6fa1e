import { QuaysideError } from '../../../shared/errors.ts'
import { hostOf, recordOf, type DatabaseJobInput } from '../databases/database-job.ts'
import { graceOf, requireContainer } from '../databases/server.ts'
import type { StepContext } from '../jobs/job-definition.ts'
import type { BackupJobDeps } from './backup-job.ts'
import { withServer } from './fill-database.ts'

/** A smaller dump is restored before a server has started once more, plain bytes. */
export const quickFillBytes = 128 * 2 ** 20

/** Whether a dump is so large that its server is filled in settings made for that, and started anew behind it. */
export function worthQuickFill(plainBytes: number): boolean {
  return plainBytes >= quickFillBytes
}

/**
 * Fills a server that nobody uses yet in the way that is quickest for its engine, and puts it back to
 * its usual settings behind that; one that was begun in this way is started anew only then. What is cut in between is filled anew, or goes with its server.
 */
export async function fillQuickly(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  plainBytes: number,
  step: StepContext,
  fill: () => Promise<void>,
): Promise<void> {
  if (!worthQuickFill(plainBytes)) return fill()
  step.progress({ text: 'Making the server ready to be filled' })
  try {
    await setFilling(deps, target, true, step.signal)
  } catch (thrown) {
    // A server that does not take such settings is filled as it is.
    if (!(thrown instanceof QuaysideError) || thrown.code !== 'engine_failed') throw thrown
  }
  await fill()
  step.progress({ text: 'Putting the server back to its usual settings' })
  await setFilling(deps, target, false, step.signal)
}

async function setFilling(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  filling: boolean,
  signal: AbortSignal,
): Promise<void> {
  const apply = (): Promise<boolean> =>
    withServer(deps, target, { signal }, (session) => session.setFilling(filling))
  if (!(await apply())) return
  const record = recordOf(deps, target)
  const docker = (await hostOf(deps, target, signal)).docker()
  const { id } = await requireContainer(docker, record, target.about.hostName, signal)
  const grace = graceOf(deps.engines.get(record.engine), record)
  await docker.restartContainer(id, grace, { signal })
  if (await apply()) {
    throw new QuaysideError('engine_failed', `${record.name} does not take its settings.`, {
      hint: 'Retry. Nothing of it is used until then.',
    })
  }
}

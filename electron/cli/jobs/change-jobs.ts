import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { findJob } from './find-job.ts'

/** `job wait JOB` */
export const waitForJob: Action = async (cli, [id = '']) => {
  const core = await cli.coreWithSecrets()
  const found = await findJob(core, id, cli.signal)
  core.work()
  const job = await followJob(cli, core, found.id)
  cli.out.result(job, () => `“${job.title}” is done.`)
  await finishLeftovers(cli, core)
}

/** `job cancel JOB` */
export const cancelJob: Action = async (cli, [id = '']) => {
  const core = await cli.coreWithSecrets()
  const found = await findJob(core, id, cli.signal)
  core.work()
  await core.jobs.cancel({ id: found.id }, { signal: cli.signal })
  const job = await core.waitForJob(found.id, cli.signal)
  if (job.state === 'failed' && job.error !== null) throw fromErrorData(job.error)
  if (job.state === 'done')
    throw new QuaysideError('busy', `“${job.title}” was done before it could be cancelled.`)
  cli.out.result(job, () => `“${job.title}” was cancelled; what it had made was taken back.`)
  await finishLeftovers(cli, core)
}

/** `job retry JOB` */
export const retryJob: Action = async (cli, [id = '']) => {
  const core = await cli.coreWithSecrets()
  const found = await findJob(core, id, cli.signal)
  core.work()
  await core.jobs.retry({ id: found.id }, { signal: cli.signal })
  const job = await followJob(cli, core, found.id)
  cli.out.result(job, () => `“${job.title}” is done.`)
  await finishLeftovers(cli, core)
}

import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { toErrorData } from '../../../shared/errors.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { findSchedule } from './find-schedule.ts'

/** `schedule run NAME` */
export const runSchedule: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id } = await findSchedule(core, name, cli.signal)
  core.work()
  const began = cli.io.now()
  const { jobIds } = await core.schedules.runNow({ id }, { signal: cli.signal })
  await followAll(cli, core, jobIds, began)
}

/** `schedule run-due` */
export const runDue: Action = async (cli) => {
  const core = await cli.coreWithSecrets()
  core.work()
  const began = cli.io.now()
  await followAll(cli, core, core.runDueSchedules(), began)
}

/** Waits for backups and for what follows them. @throws QuaysideError the first failure, after all */
async function followAll(
  cli: Cli,
  core: Core,
  jobIds: readonly JobId[],
  began: number,
): Promise<void> {
  const failures: unknown[] = []
  const ended: JobView[] = []
  const follow = async (id: JobId): Promise<void> => {
    try {
      ended.push(await followJob(cli, core, id))
    } catch (thrown) {
      if (cli.signal.aborted) throw thrown
      failures.push(thrown)
      cli.out.note(toErrorData(thrown).message)
    }
  }
  for (const id of jobIds) await follow(id)
  const databases = new Set(ended.map(({ databaseId }) => databaseId))
  for (;;) {
    const next = (await core.jobs.list({ limit: 500 }, { signal: cli.signal })).find(
      (job) =>
        followers.has(job.kind) &&
        databases.has(job.databaseId) &&
        job.createdAt >= began &&
        (job.state === 'waiting' || job.state === 'running'),
    )
    if (next === undefined) break
    await follow(next.id)
  }
  if (failures.length > 0) throw failures[0]
  const count = jobIds.length
  cli.out.result({ backups: count }, () =>
    count === 0
      ? 'Nothing to back up now.'
      : `${count === 1 ? '1 backup' : `${count} backups`}, read back and whole.`,
  )
  await finishLeftovers(cli, core)
}

/** What comes after a backup, each begun by the one before. */
const followers: ReadonlySet<string> = new Set([
  jobKinds.verifyBackup,
  jobKinds.copyBackup,
  jobKinds.applyRetention,
  jobKinds.testRestore,
])

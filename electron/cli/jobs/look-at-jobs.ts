import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import type { Action } from '../command.ts'
import { parseInput, wholeNumber } from '../parse-input.ts'
import { table } from '../table.ts'
import { age, jobState } from '../words.ts'
import { describeJob } from './describe-job.ts'
import { findJob } from './find-job.ts'

const usualCount = 20
const shortId = 8

const optionsSchema = z.object({ limit: z.string().transform(wholeNumber).optional() })

/** `job list` */
export const listJobs: Action = async (cli, _args, given) => {
  const { limit = usualCount } = parseInput(optionsSchema, given)
  const input = parseInput(contract['jobs.list'].input, { limit })
  const core = await cli.core()
  const jobs = await core.jobs.list(input, { signal: cli.signal })
  cli.out.result(jobs, () => {
    if (jobs.length === 0) return 'No jobs yet.'
    const rows = jobs.map((job) => [
      job.id.slice(0, shortId),
      job.title,
      job.hostName ?? '',
      jobState(job),
      age(job.createdAt, cli.io.now()),
      job.error?.message ?? '',
    ])
    return table(['id', 'job', 'host', 'state', 'created', 'reason'], rows)
  })
}

/** `job show JOB` */
export const showJob: Action = async (cli, [id = '']) => {
  const core = await cli.core()
  const job = await findJob(core, id, cli.signal)
  cli.out.result(job, () => describeJob(job, cli.io.now()))
}

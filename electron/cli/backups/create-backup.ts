import * as z from 'zod'
import { codecSchema } from '../../../shared/backup-manifest.ts'
import type { BackupId, BackupView } from '../../../shared/contract/backups.ts'
import { contract } from '../../../shared/contract/index.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import { jobKinds } from '../../../shared/job-kinds.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { findDestination } from '../destinations/find-destination.ts'
import { findDatabase } from '../find-database.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { parseInput } from '../parse-input.ts'
import { describeBackup } from './describe-backup.ts'

const optionsSchema = z.object({
  to: z.array(z.string()).optional(),
  codec: codecSchema.optional(),
  encrypt: z.boolean().default(true),
  detach: z.boolean().default(false),
})

/** `backup create DATABASE --to DESTINATION…` */
export const createBackup: Action = async (cli, [reference = ''], given) => {
  const { to, codec, encrypt, detach } = parseInput(optionsSchema, given)
  const core = await cli.coreWithSecrets()
  const query = { reference, options: given, place: 'live' } as const
  const { id: databaseId, name } = await findDatabase(core, query, cli.signal)
  const destinationIds = await destinationsOf(core, to, cli.signal)
  const input = parseInput(contract['backups.create'].input, {
    databaseId,
    destinationIds,
    encrypt,
    ...(codec !== undefined && { codec }),
  })
  core.work()
  const began = cli.io.now()
  const { id, jobId } = await core.backups.create(input, { signal: cli.signal })
  if (detach) {
    cli.out.result(
      { id, jobId },
      () => `Backing up ${name}. "quayside job wait ${jobId}" waits for it.`,
    )
    return
  }
  await followJob(cli, core, jobId)
  await followRest(cli, core, databaseId, began)
  const backup = await backupOf(core, databaseId, id, cli.signal)
  for (const { problem } of backup.copies) if (problem !== null) throw fromErrorData(problem)
  cli.out.result(backup, () => describeBackup(backup, cli.io.now()))
  await finishLeftovers(cli, core)
}

/** Named ones in their order; else the only one there is. */
async function destinationsOf(
  core: Core,
  names: readonly string[] | undefined,
  signal: AbortSignal,
): Promise<DestinationId[]> {
  if (names !== undefined) {
    const found = []
    for (const name of names) found.push((await findDestination(core, name, signal)).id)
    return found
  }
  const all = await core.destinations.list({}, { signal })
  const [only, second] = all
  if (only !== undefined && second === undefined) return [only.id]
  throw new QuaysideError('invalid_input', 'Say where the backup shall go.', {
    hint:
      only === undefined
        ? 'There is no destination yet: "quayside destination add --help".'
        : `Name one or more by --to: ${all.map(({ name }) => name).join(', ')}.`,
    field: 'to',
  })
}

const restKinds: ReadonlySet<string> = new Set([jobKinds.verifyBackup, jobKinds.copyBackup])

/** What was made is read back and copied by jobs of their own, each begun by the one before. */
async function followRest(
  cli: Cli,
  core: Core,
  databaseId: DatabaseId,
  began: number,
): Promise<void> {
  for (;;) {
    const next = (await core.jobs.list({ limit: 100 }, { signal: cli.signal })).find(
      (job) =>
        restKinds.has(job.kind) &&
        job.databaseId === databaseId &&
        job.createdAt >= began &&
        (job.state === 'waiting' || job.state === 'running'),
    )
    if (next === undefined) return
    await followJob(cli, core, next.id)
  }
}

async function backupOf(
  core: Core,
  databaseId: DatabaseId,
  id: BackupId,
  signal: AbortSignal,
): Promise<BackupView> {
  const found = (await core.backups.list({ databaseId }, { signal })).find((one) => one.id === id)
  if (found !== undefined) return found
  throw new QuaysideError('not_found', 'The backup was removed while it was made.')
}

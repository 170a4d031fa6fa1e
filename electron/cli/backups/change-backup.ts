import * as z from 'zod'
import type { BackupId, BackupView } from '../../../shared/contract/backups.ts'
import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { JobId, JobView } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Action } from '../command.ts'
import { findDestination } from '../destinations/find-destination.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { isInteractive } from '../io.ts'
import { parseInput } from '../parse-input.ts'
import { ask } from '../prompt.ts'
import { chooseHost } from './choose-host.ts'
import { chooseCopy, findBackup } from './find-backup.ts'

const fromSchema = z.object({ from: z.string().optional() })

/** `backup verify BACKUP [--from DESTINATION]` */
export const verifyBackup: Action = onCopy(
  async (core, copy, signal) => (await core.backups.verify(copy, { signal })).jobId,
  (place) => ({
    is: 'verified',
    sentence: `The copy at ${place} is whole: every byte is as it was written.`,
  }),
)

const hostSchema = z.object({ host: z.string().optional() })

/** `backup test BACKUP [--from DESTINATION] [--host HOST]` */
export const testBackup: Action = onCopy(
  async (core, copy, signal, { backup: { databaseId }, given }) => {
    const { host: named } = parseInput(hostSchema, given)
    const { id: hostId } = await chooseHost(core, { named, databaseId }, signal)
    return (await core.backups.testRestore({ ...copy, hostId }, { signal })).jobId
  },
  (place, { hostName, steps }) => {
    const compared = steps.find(({ name }) => name === 'restore')?.fact ?? ''
    const where = hostName === null ? '' : ` on ${hostName}`
    return { is: 'restored', sentence: `The copy at ${place} was restored${where}. ${compared}.` }
  },
)

/** One copy of a backup. */
interface Copy {
  id: BackupId
  destinationId: DestinationId
}

/** Has a job prove one copy, follows it to its end, and says what the copy then is. */
function onCopy(
  begin: (
    core: Core,
    copy: Copy,
    signal: AbortSignal,
    asked: { backup: BackupView; given: unknown },
  ) => Promise<JobId>,
  told: (place: string, job: JobView) => { is: string; sentence: string },
): Action {
  return async (cli, [reference = ''], given) => {
    const { from } = parseInput(fromSchema, given)
    const core = await cli.coreWithSecrets()
    const backup = await findBackup(core, reference, cli.signal)
    const { id } = backup
    const { destinationId, destinationName } = chooseCopy(backup, from)
    core.work()
    const jobId = await begin(core, { id, destinationId }, cli.signal, { backup, given })
    const { is, sentence } = told(destinationName, await followJob(cli, core, jobId))
    cli.out.result({ id, destinationId, [is]: true }, () => sentence)
    await finishLeftovers(cli, core)
  }
}

const removeSchema = fromSchema.extend({ confirm: z.string().optional() })

/** `backup remove BACKUP --from DESTINATION --confirm NAME` */
export const removeBackup: Action = async (cli, [reference = ''], given) => {
  const { from, confirm } = parseInput(removeSchema, given)
  const core = await cli.coreWithSecrets()
  const backup = await findBackup(core, reference, cli.signal)
  const { destinationId, destinationName } = chooseCopy(backup, from)
  const name = backup.databaseName
  if (confirm === undefined && !isInteractive(cli.io)) {
    throw new QuaysideError('invalid_input', 'The name has to be confirmed.', {
      hint: `If you mean the copy of ${name} at ${destinationName}, add: --confirm ${name}`,
      field: 'confirm',
    })
  }
  const confirmName =
    confirm ?? (await ask(cli.io, `Type the name of the database to confirm (${name}): `))
  const request = { id: backup.id, destinationId, confirmName }
  await core.backups.remove(request, { signal: cli.signal })
  cli.out.result(
    { id: backup.id, destinationId, removed: true },
    () => `The copy at ${destinationName} is gone.`,
  )
}

/** `backup scan DESTINATION` */
export const scanDestination: Action = async (cli, [name = '']) => {
  const core = await cli.coreWithSecrets()
  const { id: destinationId } = await findDestination(core, name, cli.signal)
  const found = await core.backups.scan({ destinationId }, { signal: cli.signal })
  cli.out.result(found, () => {
    const { backups, added, missing, unreadable } = found
    const words = [
      `${backups} backups`,
      `${added} new to this installation`,
      `${missing} incomplete or gone`,
    ]
    return `${[...words, ...(unreadable === 0 ? [] : [`${unreadable} manifests unreadable`])].join(', ')}.`
  })
}

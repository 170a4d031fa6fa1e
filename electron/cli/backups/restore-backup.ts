import * as z from 'zod'
import type { BackupView } from '../../../shared/contract/backups.ts'
import { contract } from '../../../shared/contract/index.ts'
import type { RestoreInput, RestorePlan } from '../../../shared/contract/restores.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { restoredName } from '../../../shared/names.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { databaseById, findDatabase } from '../find-database.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { isInteractive } from '../io.ts'
import { parseInput } from '../parse-input.ts'
import { ask } from '../prompt.ts'
import { chooseHost } from './choose-host.ts'
import { chooseCopy, findBackup } from './find-backup.ts'

const optionsSchema = z.object({
  from: z.string().optional(),
  as: z.string().optional(),
  host: z.string().optional(),
  environment: z.string().optional(),
  inPlace: z.literal(true).optional(),
  into: z.string().optional(),
  confirm: z.string().optional(),
  plan: z.literal(true).optional(),
  detach: z.literal(true).optional(),
})
type Options = z.output<typeof optionsSchema>

/** `backup restore BACKUP …` */
export const restoreBackup: Action = async (cli, [reference = ''], given) => {
  const options = parseInput(optionsSchema, given)
  refuseContradictions(options)
  const core = await cli.coreWithSecrets()
  const backup = await findBackup(core, reference, cli.signal)
  const { destinationId } = chooseCopy(backup, options.from)
  const target =
    options.inPlace === true
      ? await inPlace(cli, core, backup, options)
      : await asNew(core, backup, options, cli)
  const request = { backupId: backup.id, destinationId, target }
  const input = parseInput(contract['restores.start'].input, request)

  if (options.plan === true) {
    const plan = await core.restores.plan(input, { signal: cli.signal })
    return cli.out.result(plan, () => planText(plan))
  }
  await warn(cli, core, input)
  core.work()
  const { databaseId, jobId } = await core.restores.start(input, { signal: cli.signal })
  if (options.detach === true) {
    return cli.out.result(
      { databaseId, jobId },
      () => `Restoring by job ${jobId}; "quayside job wait ${jobId}" waits for it.`,
    )
  }
  const job = await followJob(cli, core, jobId)
  const facts = job.steps.flatMap(({ name, fact }) =>
    fact !== null && ['restore', 'compare', 'swap'].includes(name) ? [fact] : [],
  )
  const database = await databaseById(core, databaseId, cli.signal)
  cli.out.result({ database, facts }, () =>
    [`Restored ${database.name} on ${database.hostName}.`, ...facts].join('\n'),
  )
  await finishLeftovers(cli, core)
}

function refuseContradictions({ inPlace: there, as, host, environment, ...rest }: Options): void {
  const [first] = [
    as !== undefined && '--as',
    host !== undefined && '--host',
    environment !== undefined && '--environment',
  ].filter((flag) => flag !== false)
  if (there === true && first !== undefined) throw contradiction('--in-place', first)
  if (there !== true && rest.into !== undefined) {
    throw new QuaysideError('invalid_input', '--into goes with --in-place.', {
      hint: 'As a new database it gets its name by --as, and its host by --host.',
    })
  }
  if (rest.plan === true && rest.detach === true) throw contradiction('--plan', '--detach')
}

function contradiction(one: string, other: string): QuaysideError {
  return new QuaysideError('invalid_input', `${one} and ${other} can’t go together.`)
}

/** Where it was, where this installation knows that; else the only host there is, or the named one. */
async function asNew(
  core: Core,
  backup: BackupView,
  { as, host: named, environment }: Options,
  { signal, io }: Cli,
): Promise<z.input<(typeof contract)['restores.start']['input']>['target']> {
  const { databaseId } = backup
  const chosen = await chooseHost(core, { named, databaseId }, signal)
  const schema = contract['databases.create'].input.shape
  return {
    kind: 'new',
    hostId: chosen.id,
    name: parseInput(schema.name, as ?? restoredName(backup.databaseName, io.now())),
    environment: parseInput(schema.environment, environment ?? backup.environment),
  }
}

async function inPlace(
  cli: Cli,
  core: Core,
  backup: BackupView,
  { into, confirm, plan }: Options,
): Promise<z.input<(typeof contract)['restores.start']['input']>['target']> {
  const { databaseId, databaseName } =
    into === undefined ? backup : await named(core, into, cli.signal)
  if (databaseId === null) {
    throw new QuaysideError(
      'not_found',
      `${databaseName} is not a database of this installation.`,
      {
        hint: 'Restore it as a new one: leave out --in-place. Or name another with --into.',
      },
    )
  }
  if (confirm === undefined && plan !== true && !isInteractive(cli.io)) {
    throw new QuaysideError('invalid_input', 'The name has to be confirmed.', {
      hint: `If the data of ${databaseName} shall be replaced, add: --confirm ${databaseName}`,
      field: 'confirm',
    })
  }
  const confirmName =
    confirm ??
    (plan === true
      ? databaseName
      : await ask(cli.io, `Type the name of the database to replace (${databaseName}): `))
  return { kind: 'in-place', databaseId, confirmName }
}

async function named(
  core: Core,
  reference: string,
  signal: AbortSignal,
): Promise<Pick<BackupView, 'databaseId' | 'databaseName'>> {
  const found = await findDatabase(core, { reference, options: {}, place: 'live' }, signal)
  return { databaseId: found.id, databaseName: found.name }
}

async function warn(cli: Cli, core: Core, input: RestoreInput): Promise<void> {
  const { warnings } = await core.restores.plan(input, { signal: cli.signal })
  for (const warning of warnings) cli.out.note(warning)
}

function planText({ actions, warnings, scratchBytes }: RestorePlan): string {
  return [
    'What would be done:',
    ...actions.map(({ verb, text }) => `  ${verb} ${text}`),
    '',
    `Room it needs on the host meanwhile${scratchBytes === null ? ': none' : `: ${formatBytes(scratchBytes)},`} beside the data.`,
    ...warnings.map((warning) => `Attention: ${warning}`),
    '',
    'Nothing was done yet.',
  ].join('\n')
}

import { resolve } from 'node:path'
import * as z from 'zod'
import { contract } from '../../../shared/contract/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { databaseById, findDatabase } from '../find-database.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { parseInput } from '../parse-input.ts'
import { askSecret, givenSecret, type SecretSource } from '../secret-input.ts'
import { chooseHost } from './choose-host.ts'

/** `backup export DATABASE FILE` */
export const exportFile: Action = async (cli, [reference = '', file = ''], options) => {
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'live' } as const
  const { id: databaseId, name } = await findDatabase(core, query, cli.signal)
  const schema = contract['transfers.exportFile'].input
  const input = parseInput(schema, { databaseId, path: resolve(file) })
  core.work()
  const { jobId } = await core.transfers.exportFile(input, { signal: cli.signal })
  const job = await followJob(cli, core, jobId)
  const fact = job.steps.at(-1)?.fact ?? ''
  cli.out.result({ databaseId, path: input.path }, () => `${input.path}: all of ${name}. ${fact}`)
  await finishLeftovers(cli, core)
}

const optionsSchema = z.object({
  fromUrl: z.literal(true).optional(),
  secretFile: z.string().optional(),
  secretStdin: z.literal(true).optional(),
  as: z.string('Say by --as how the new database is called.'),
  host: z.string().optional(),
  engine: z.string().optional(),
  version: z.string().optional(),
  environment: z.string().optional(),
})

/** `backup import FILE --as NAME`, or `--from-url` in place of the file */
export const importDatabase: Action = async (cli, [file], given) => {
  if (file !== undefined && /^[a-z][a-z+.-]*:\/\//i.test(file)) throw exposed()
  const options = parseInput(optionsSchema, given)
  if ((file === undefined) !== (options.fromUrl === true)) {
    throw new QuaysideError('invalid_input', 'Give a file, or --from-url and no file.', {
      hint: 'The connection string itself is asked for, or comes by --secret-file or --secret-stdin.',
    })
  }
  const core = await cli.coreWithSecrets()
  const engines = await core.engines.list({}, { signal: cli.signal })
  const engine = engines.find(({ id }) => id === options.engine) ?? engines[0]
  const request = {
    hostId: (await chooseHost(core, { named: options.host }, cli.signal)).id,
    engine: options.engine ?? engine?.id,
    version: options.version ?? engine?.versions[0]?.version,
    name: options.as,
    environment: options.environment ?? 'development',
  }
  const { databaseId, jobId } =
    file === undefined
      ? await startFromServer(cli, core, {
          ...request,
          connectionString: await urlOf(cli, options),
        })
      : await startFromFile(cli, core, { ...request, path: resolve(file) })
  const job = await followJob(cli, core, jobId)
  const database = await databaseById(core, databaseId, cli.signal)
  const fact = job.steps.at(-1)?.fact ?? ''
  cli.out.result(database, () => `Imported ${database.name} on ${database.hostName}: ${fact}.`)
  await finishLeftovers(cli, core)
}

/** Without the string itself, which would be one more place where it stands. */
function exposed(): QuaysideError {
  return new QuaysideError(
    'invalid_input',
    'A connection string does not belong on the command line: others can read it there.',
    {
      hint: 'Give --from-url alone and it is asked for, or --from-url with --secret-file FILE or --secret-stdin. Where it had a password, the shell’s history has it now.',
    },
  )
}

async function startFromFile(cli: Cli, core: Core, request: object) {
  const input = parseInput(contract['transfers.importFile'].input, request)
  core.work()
  return core.transfers.importFile(input, { signal: cli.signal })
}

/** What can't be reached is said before anything is made. */
async function startFromServer(cli: Cli, core: Core, request: object) {
  const input = parseInput(contract['transfers.importServer'].input, request)
  const { found } = await core.transfers.planServer(input, { signal: cli.signal })
  cli.out.note(`Found ${found}.`)
  core.work()
  return core.transfers.importServer(input, { signal: cli.signal })
}

/** It may hold a password, and a command line is seen by others. */
async function urlOf(cli: Cli, options: SecretSource): Promise<string> {
  return (await givenSecret(options, cli)) ?? (await askSecret(cli.io, 'connection string'))
}

import * as z from 'zod'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { databaseById, findDatabase } from '../find-database.ts'
import { finishLeftovers, followJob } from '../follow-job.ts'
import { isInteractive } from '../io.ts'
import { parseInput } from '../parse-input.ts'
import { ask } from '../prompt.ts'

/** `db start|stop|restart DATABASE` */
export function controlDatabase(verb: 'start' | 'stop' | 'restart'): Action {
  const done = { start: 'Started', stop: 'Stopped', restart: 'Restarted' }[verb]
  return async (cli, [reference = ''], options) => {
    const core = await cli.coreWithSecrets()
    const query = { reference, options, place: 'live' } as const
    const { id, name } = await findDatabase(core, query, cli.signal)
    await runJob(cli, core, () => core.databases[verb]({ id }, { signal: cli.signal }))
    const database = await databaseById(core, id, cli.signal)
    cli.out.result(database, () => `${done} ${name}.`)
    await finishLeftovers(cli, core)
  }
}

/** `db delete DATABASE --confirm NAME` */
export const deleteDatabase: Action = async (cli, [reference = ''], options) => {
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'live' } as const
  const found = await findDatabase(core, query, cli.signal)
  const confirmName = await confirmed(cli, found, options)
  const { id, name } = found
  await runJob(cli, core, () => core.databases.delete({ id, confirmName }, { signal: cli.signal }))
  const database = await databaseById(core, id, cli.signal)
  cli.out.result(
    database,
    () => `${name} is in the trash. "quayside db undelete ${name}" brings it back.`,
  )
  await finishLeftovers(cli, core)
}

/** `db undelete DATABASE` */
export const undeleteDatabase: Action = async (cli, [reference = ''], options) => {
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'trash' } as const
  const { id, name } = await findDatabase(core, query, cli.signal)
  await runJob(cli, core, () => core.databases.undelete({ id }, { signal: cli.signal }))
  const database = await databaseById(core, id, cli.signal)
  cli.out.result(database, () => `${name} is back.`)
  await finishLeftovers(cli, core)
}

/** `db purge DATABASE --confirm NAME` */
export const purgeDatabase: Action = async (cli, [reference = ''], options) => {
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'trash' } as const
  const found = await findDatabase(core, query, cli.signal)
  const confirmName = await confirmed(cli, found, options)
  const { id, name, hostName } = found
  await runJob(cli, core, () => core.databases.purge({ id, confirmName }, { signal: cli.signal }))
  cli.out.result(
    { id, name, hostName, purged: true },
    () => `${name} is gone from ${hostName}, with its data.`,
  )
  await finishLeftovers(cli, core)
}

/** `db protect DATABASE` */
export const protectDatabase: Action = protection(true)

/** `db unprotect DATABASE` */
export const unprotectDatabase: Action = protection(false)

function protection(isProtected: boolean): Action {
  return async (cli, [reference = ''], options) => {
    const core = await cli.core()
    const query = { reference, options, place: 'live' } as const
    const { id, name } = await findDatabase(core, query, cli.signal)
    await core.databases.setProtection({ id, protected: isProtected }, { signal: cli.signal })
    const database = await databaseById(core, id, cli.signal)
    cli.out.result(
      database,
      () => `${name} is ${isProtected ? 'protected' : 'not protected any more'}.`,
    )
  }
}

async function runJob(cli: Cli, core: Core, begin: () => Promise<{ jobId: JobId }>): Promise<void> {
  core.work()
  const { jobId } = await begin()
  await followJob(cli, core, jobId)
}

const confirmSchema = z.object({ confirm: z.string().optional() })

/** The name typed once more; whether it is the right one is for the core to say. */
async function confirmed(
  cli: Cli,
  { name, hostName, environment }: DatabaseView,
  options: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { confirm } = parseInput(confirmSchema, options)
  if (confirm !== undefined) return confirm
  if (!isInteractive(cli.io)) {
    throw new QuaysideError('invalid_input', 'The name has to be confirmed.', {
      hint: `If you mean ${name} on ${hostName} (${environment}), add: --confirm ${name}`,
      field: 'confirm',
    })
  }
  return ask(cli.io, `Type the name of the database to confirm (${name}, ${environment}): `)
}

import * as z from 'zod'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { portSchema } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { findDatabase, whichSchema } from '../find-database.ts'
import { glance, knownHosts } from '../find-host.ts'
import { parseInput, wholeNumber } from '../parse-input.ts'
import { holdTunnels } from './hold-tunnels.ts'

const optionsSchema = z.object({
  all: z.boolean().default(false),
  port: z.string().transform(wholeNumber).pipe(portSchema).optional(),
})

/** `tunnel DATABASE…` */
export const openTunnel: Action = async (cli, references, options) => {
  const { all, port } = parseInput(optionsSchema, options)
  if (all === references.length > 0) {
    throw new QuaysideError('invalid_input', 'Name the databases, or give --all, not both.', {
      hint: 'For example "quayside tunnel shop".',
    })
  }
  if (port !== undefined && references.length !== 1) {
    throw new QuaysideError('invalid_input', '--port is for the tunnel of one database.', {
      hint: 'Without it each database gets its usual port.',
      field: 'port',
    })
  }
  const core = await cli.coreWithSecrets()
  const databases = all
    ? await everyDatabase(cli, core, options)
    : await namedDatabases(cli, core, references, options)
  await holdTunnels(
    cli,
    core,
    databases.map((database) => ({ database, port })),
  )
}

async function namedDatabases(
  cli: Cli,
  core: Core,
  references: readonly string[],
  options: Readonly<Record<string, unknown>>,
): Promise<DatabaseView[]> {
  const found = new Map<string, DatabaseView>()
  for (const reference of references) {
    const database = await findDatabase(core, { reference, options, place: 'live' }, cli.signal)
    found.set(database.id, database)
  }
  return [...found.values()]
}

/** Those that are there and need a tunnel. */
async function everyDatabase(
  cli: Cli,
  core: Core,
  options: Readonly<Record<string, unknown>>,
): Promise<DatabaseView[]> {
  const { host: wanted, environment } = parseInput(whichSchema, options)
  const far = new Set(
    (await knownHosts(core, cli.signal))
      .filter((host) => host.connection.kind !== 'local')
      .filter(({ id, name }) => wanted === undefined || wanted === name || wanted === id)
      .map((host) => host.id),
  )
  const databases = (await core.databases.list({}, { signal: glance(cli.signal) })).filter(
    (database) =>
      far.has(database.hostId) &&
      database.status !== 'trash' &&
      database.status !== 'creating' &&
      (environment === undefined || database.environment === environment),
  )
  if (databases.length > 0) return databases
  throw new QuaysideError('not_found', 'There is no database that needs a tunnel.', {
    hint: '"quayside db list" shows all there are.',
  })
}

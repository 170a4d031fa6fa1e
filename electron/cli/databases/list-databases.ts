import * as z from 'zod'
import type { Action } from '../command.ts'
import { whichSchema } from '../find-database.ts'
import { parseInput } from '../parse-input.ts'
import { table } from '../table.ts'
import { databaseState } from '../words.ts'

const optionsSchema = whichSchema.extend({ trash: z.literal(true).optional() })

/** `db list` */
export const listDatabases: Action = async (cli, _args, given) => {
  const options = parseInput(optionsSchema, given)
  const core = await cli.coreWithSecrets()
  const all = await core.databases.list({}, { signal: cli.signal })
  const wanted = all.filter(
    (database) =>
      (options.trash === true || database.status !== 'trash') &&
      (options.environment === undefined || options.environment === database.environment) &&
      (options.host === undefined ||
        options.host === database.hostName ||
        options.host === database.hostId),
  )
  cli.out.result(wanted, () => {
    if (all.length === 0) return 'No databases yet. Create one: "quayside db create --help".'
    if (wanted.length === 0) return 'No databases that fit.'
    const rows = wanted.map((database) => [
      database.name,
      database.hostName,
      database.environment,
      `${database.engine} ${database.version}`,
      databaseState(database, cli.io.now()),
      database.port === null ? '' : String(database.port),
      database.reason ?? '',
    ])
    return table(['name', 'host', 'environment', 'engine', 'state', 'port', 'reason'], rows)
  })
}

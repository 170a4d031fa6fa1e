import type { DatabaseStats, DatabaseView } from '../../../shared/contract/databases.ts'
import { toErrorData } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { databaseById, findDatabase } from '../find-database.ts'
import { describeDatabase } from './describe-database.ts'

/** `db show DATABASE` */
export const showDatabase: Action = async (cli, [reference = ''], options) => {
  const core = await cli.coreWithSecrets()
  const query = { reference, options, place: 'either' } as const
  const { id } = await findDatabase(core, query, cli.signal)
  const database = await databaseById(core, id, cli.signal)
  const stats = await liveNumbers(cli, core, database)
  cli.out.result({ ...database, stats }, () => describeDatabase(database, stats, cli.io.now()))
}

/** Numbers of a running database; without them the rest is still worth showing. */
async function liveNumbers(
  cli: Cli,
  core: Core,
  { id, status }: DatabaseView,
): Promise<DatabaseStats | null> {
  if (status !== 'running' && status !== 'attention') return null
  try {
    return await core.databases.stats({ id }, { signal: cli.signal })
  } catch (thrown) {
    if (cli.signal.aborted) throw thrown
    cli.out.note(`No live numbers: ${toErrorData(thrown).message}`)
    return null
  }
}

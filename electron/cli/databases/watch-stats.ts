import * as z from 'zod'
import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'
import { statsLeaseMs } from '../../../shared/contract/metrics.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { databaseById, findDatabase } from '../find-database.ts'
import { parseInput } from '../parse-input.ts'
import { createHeardStats } from './heard-stats.ts'
import { statsFacts, statsTable, type NumbersNow } from './stats-answer.ts'

const optionsSchema = z.object({ watch: z.boolean().default(false) })

/** A rate needs two readings; who asks once waits for the second. */
const readingsForOnce = 2
/** A database that tells nothing for so long is not waited for, milliseconds. */
const patienceMs = 20_000
/** Between two looks for who has fallen silent, milliseconds. */
const checkMs = 1_000
const watcher = 'cli'

/** `db stats DATABASE…` */
export const watchStats: Action = async (cli, references, options) => {
  const { watch } = parseInput(optionsSchema, options)
  const core = await cli.coreWithSecrets()
  const ids = new Set<DatabaseId>()
  for (const reference of references) {
    const found = await findDatabase(core, { reference, options, place: 'live' }, cli.signal)
    ids.add(found.id)
  }
  const databases = new Map<DatabaseId, DatabaseView>()
  for (const id of ids) {
    const database = await databaseById(core, id, cli.signal)
    databases.set(id, database)
    const { status, name } = database
    if (status === 'running' || status === 'attention') continue
    throw new QuaysideError('engine_not_ready', `${name} does not run: its state is “${status}”.`, {
      hint: `"quayside db show ${name}" tells more.`,
    })
  }
  await follow(cli, core, { databases, watch })
}

async function follow(
  cli: Cli,
  core: Core,
  { databases, watch }: { databases: Map<DatabaseId, DatabaseView>; watch: boolean },
): Promise<void> {
  const ids = [...databases.keys()]
  const look = () => core.metrics.watch({ watcher, close: ids, inView: [] })
  const heard = createHeardStats(() => performance.now())
  let end: () => void = () => undefined
  let fail: (thrown: unknown) => void = () => undefined
  const ended = new Promise<void>((resolve, reject) => {
    end = resolve
    fail = reject
  })
  const numbersOf = (some: readonly DatabaseId[]): NumbersNow[] =>
    [...databases.values()]
      .filter(({ id }) => some.includes(id))
      .map((database) => ({ database, sample: heard.now(database.id) }))
  const namesOf = (some: readonly DatabaseId[]): string =>
    numbersOf(some)
      .map(({ database: { name, hostName } }) => `${name}@${hostName}`)
      .join(', ')

  const tell = (news: readonly DatabaseId[]): void => {
    if (!cli.out.options.json) printAll(cli, numbersOf(ids))
    else for (const one of numbersOf(news)) cli.out.result(statsFacts(one), () => '')
  }
  // When it runs since is another moment after a restart.
  const readAnew = async (): Promise<void> => {
    const views = await core.databases.read({ ids }, { signal: cli.signal })
    for (const view of views) databases.set(view.id, view)
  }

  const giveBack = watch ? cli.interrupts.takeOrUnread(() => end()) : () => undefined
  const stopEvents = core.onEvent((event) => {
    if (event.type === 'changed' && event.topic === 'databases') {
      if (event.ids === undefined || event.ids.some((id) => ids.some((own) => own === id)))
        readAnew().catch(fail)
    }
    if (event.type !== 'stats') return
    const own = event.samples.filter(({ databaseId }) => databases.has(databaseId))
    const back = own.filter(({ databaseId, sample }) => heard.add(databaseId, sample))
    if (back.length > 0) {
      cli.out.note(`Again told of: ${namesOf(back.map(({ databaseId }) => databaseId))}.`)
    }
    if (watch && own.length > 0) tell(own.map(({ databaseId }) => databaseId))
    if (!watch && ids.every((id) => heard.count(id) >= readingsForOnce)) end()
  })
  const renew = setInterval(() => void look().catch(fail), statsLeaseMs / 2.5)
  const patience = setTimeout(() => {
    const quiet = ids.filter((id) => heard.count(id) === 0)
    if (quiet.length === 0) {
      if (!watch) end()
      return
    }
    const message = `No numbers came from ${namesOf(quiet)}.`
    if (watch && quiet.length < ids.length) {
      cli.out.note(message)
      return
    }
    const hint = 'The host may be slow or lost. "quayside host list" tells.'
    fail(new QuaysideError('host_lost', message, { hint }))
  }, patienceMs)
  const check = setInterval(() => {
    if (watch) tellOfSilence(cli, databases, heard.newlySilent(), tell)
  }, checkMs)
  const onAbort = () => fail(cli.signal.reason)
  cli.signal.addEventListener('abort', onAbort, { once: true })
  try {
    await look()
    await ended
    if (!watch) printAll(cli, numbersOf(ids))
  } finally {
    for (const timer of [renew, patience, check]) clearTimeout(timer)
    cli.signal.removeEventListener('abort', onAbort)
    stopEvents()
    giveBack()
    await core.metrics.watch({ watcher, close: [], inView: [] })
  }
}

function printAll(cli: Cli, all: readonly NumbersNow[]): void {
  cli.out.result(all.map(statsFacts), () => statsTable(all, cli.io.now()))
}

/** Says once of each host who has fallen silent there; a script gets a line without numbers. */
function tellOfSilence(
  cli: Cli,
  databases: ReadonlyMap<DatabaseId, DatabaseView>,
  silent: readonly { id: DatabaseId; since: number }[],
  tell: (news: readonly DatabaseId[]) => void,
): void {
  const byHost = new Map<string, { names: string[]; since: number }>()
  for (const { id, since } of silent) {
    const { name, hostName } = databases.get(id) ?? { name: id, hostName: '' }
    const known = byHost.get(hostName) ?? { names: [], since }
    byHost.set(hostName, { names: [...known.names, name], since: Math.min(known.since, since) })
  }
  for (const [hostName, { names, since }] of byHost) {
    const clock = new Date(since).toISOString().slice(11, 19)
    cli.out.note(`${hostName} tells nothing of ${names.join(', ')} since ${clock} UTC.`)
  }
  if (silent.length > 0 && cli.out.options.json) tell(silent.map(({ id }) => id))
}

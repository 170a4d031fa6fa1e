import * as z from 'zod'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { statsLeaseMs, type StatsSample } from '../../../shared/contract/metrics.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import type { Core } from '../../domain/core.ts'
import type { Cli } from '../cli.ts'
import type { Action } from '../command.ts'
import { databaseById, findDatabase } from '../find-database.ts'
import { parseInput } from '../parse-input.ts'
import { table } from '../table.ts'

const optionsSchema = z.object({ watch: z.boolean().default(false) })

/** A rate needs two readings; who asks once waits for the second. */
const readingsForOnce = 2
/** A database that tells nothing for so long is not waited for, milliseconds. */
const patienceMs = 20_000
const watcher = 'cli'

/** `db stats DATABASE…` */
export const watchStats: Action = async (cli, references, options) => {
  const { watch } = parseInput(optionsSchema, options)
  const core = await cli.coreWithSecrets()
  const databases = new Map<string, DatabaseView>()
  for (const reference of references) {
    const found = await findDatabase(core, { reference, options, place: 'live' }, cli.signal)
    databases.set(found.id, found)
  }
  for (const { id, name } of databases.values()) {
    const { status } = await databaseById(core, id, cli.signal)
    if (status === 'running' || status === 'attention') continue
    throw new QuaysideError('engine_not_ready', `${name} does not run: its state is “${status}”.`, {
      hint: `"quayside db show ${name}" tells more.`,
    })
  }
  await follow(cli, core, { databases: [...databases.values()], watch })
}

async function follow(
  cli: Cli,
  core: Core,
  { databases, watch }: { databases: readonly DatabaseView[]; watch: boolean },
): Promise<void> {
  const ids = databases.map(({ id }) => id)
  const look = () => core.metrics.watch({ watcher, close: ids, inView: [] })
  const latest = new Map<string, StatsSample>()
  const counts = new Map<string, number>()
  let resolve: (value: undefined) => void = () => undefined
  let reject: (thrown: unknown) => void = () => undefined
  const ended = new Promise<undefined>((done, fail) => {
    resolve = done
    reject = fail
  })

  const giveBack = watch ? cli.interrupts.take(() => resolve(undefined)) : () => undefined
  const stopEvents = core.onEvent((event) => {
    if (event.type !== 'stats') return
    for (const { databaseId, sample } of event.samples) {
      latest.set(databaseId, sample)
      counts.set(databaseId, (counts.get(databaseId) ?? 0) + 1)
    }
    if (watch) print(cli, databases, latest, event.samples)
    else if (ids.every((id) => (counts.get(id) ?? 0) >= readingsForOnce)) resolve(undefined)
  })
  const renew = setInterval(() => void look().catch(reject), statsLeaseMs / 2.5)
  const silent = setTimeout(() => {
    const quiet = databases.filter(({ id }) => !latest.has(id)).map(({ name }) => name)
    if (quiet.length === 0) return
    const message = `No numbers came from ${quiet.join(', ')}.`
    const hint = 'The host may be slow or lost. "quayside host list" tells.'
    reject(new QuaysideError('host_lost', message, { hint }))
  }, patienceMs)
  const onAbort = () => reject(cli.signal.reason)
  cli.signal.addEventListener('abort', onAbort, { once: true })
  try {
    await look()
    await ended
    if (!watch) print(cli, databases, latest, [])
  } finally {
    clearInterval(renew)
    clearTimeout(silent)
    cli.signal.removeEventListener('abort', onAbort)
    stopEvents()
    giveBack()
    await core.metrics.watch({ watcher, close: [], inView: [] })
  }
}

/** With `--json` once an array, in a watch a line for each sample as it comes; else a table. */
function print(
  cli: Cli,
  databases: readonly DatabaseView[],
  latest: ReadonlyMap<string, StatsSample>,
  news: readonly { databaseId: string; sample: StatsSample }[],
): void {
  const facts = ({ id, name, hostName }: DatabaseView, sample: StatsSample) => ({
    ...{ databaseId: id, name, hostName },
    ...sample,
  })
  if (cli.out.options.json && news.length > 0) {
    for (const { databaseId, sample } of news) {
      const database = databases.find(({ id }) => id === databaseId)
      if (database !== undefined) cli.out.result(facts(database, sample), () => '')
    }
    return
  }
  const known = databases.flatMap((database) => {
    const sample = latest.get(database.id)
    return sample === undefined ? [] : [{ database, sample }]
  })
  cli.out.result(
    known.map(({ database, sample }) => facts(database, sample)),
    () =>
      table(
        [
          'name',
          'cpu',
          'memory',
          'connections',
          'tx/s',
          'cache hits',
          'size',
          'net in/out',
          'disk read/write',
        ],
        known.map(({ database, sample }) => row(database, sample)),
      ),
  )
}

function row({ name, hostName }: DatabaseView, sample: StatsSample): string[] {
  const bytes = (value: number | null) => say(value, formatBytes)
  const rate = (value: number | null) => say(value, (one) => `${formatBytes(one)}/s`)
  return [
    `${name}@${hostName}`,
    say(sample.cpuPercent, percent),
    `${bytes(sample.memoryBytes)} / ${bytes(sample.memoryLimitBytes)}`,
    `${say(sample.connections, String)} / ${say(sample.maxConnections, String)}`,
    say(sample.transactions, (value) => value.toFixed(1)),
    say(sample.cacheHitPercent, percent),
    bytes(sample.sizeBytes),
    `${rate(sample.networkReceived)} ${rate(sample.networkSent)}`,
    `${rate(sample.diskRead)} ${rate(sample.diskWritten)}`,
  ]
}

function percent(value: number): string {
  return `${value.toFixed(1)} %`
}

function say(value: number | null, format: (value: number) => string): string {
  return value === null ? '–' : format(value)
}

import type { BackupFreshness, BackupView } from '../../../shared/contract/backups.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Action } from '../command.ts'
import { findDatabase, findNarrowing } from '../find-database.ts'
import { glance } from '../find-host.ts'
import { table } from '../table.ts'
import { age, span } from '../words.ts'

/** How well one database is backed up, as a script gets it. */
interface Status extends Omit<BackupFreshness, 'trend'> {
  database: string
  environment: DatabaseView['environment']
  hostName: string
  /** The newest backup with a whole copy at a destination that is off-site. */
  offSite: BackupFreshness['newest']
}

/** `backup status [DATABASE]`: prints the list, and ends with a code of its own where one needs a look. */
export const backupStatus: Action = async (cli, [reference], options) => {
  const core = await cli.core()
  const { signal } = cli
  const query = { reference: reference ?? '', options, place: 'live' } as const
  const found = reference === undefined ? undefined : await findDatabase(core, query, signal)
  const isMeant = found === undefined ? await findNarrowing(core, options, signal) : () => true
  const known =
    found === undefined ? await core.databases.list({}, { signal: glance(signal) }) : [found]
  const databases = known.filter(isMeant)
  const freshness = await core.backups.freshness({}, { signal })
  const backups = await core.backups.list(found === undefined ? {} : { databaseId: found.id }, {
    signal,
  })
  const destinations = await core.destinations.list({}, { signal })
  const looks = await core.backups.looks({}, { signal })
  const away = new Set<string>(destinations.filter((each) => each.offSite).map(({ id }) => id))
  const all = databases.flatMap((database): Status[] => {
    const own = freshness.find(({ databaseId }) => databaseId === database.id)
    if (own === undefined) return []
    const { trend: _, ...rest } = own
    const { name, environment, hostName } = database
    const made = backups.filter(({ databaseId }) => databaseId === database.id)
    return [{ database: name, environment, hostName, ...rest, offSite: newestAt(made, away) }]
  })
  cli.out.result(all, () => {
    if (known.length > 0 && databases.length === 0) return 'No databases that fit.'
    return describe(all, cli.io.now())
  })
  for (const { destinationName, lookedAt, error } of looks) {
    if (error === null) continue
    const since = lookedAt === null ? 'never' : age(lookedAt, cli.io.now())
    cli.out.note(`${destinationName} was last looked at: ${since}. ${error.message}`)
  }
  const [worst, ...others] = all.flatMap(troublesOf)
  if (worst !== undefined) throw stale(worst, others.length)
}

function newestAt(
  backups: readonly BackupView[],
  away: ReadonlySet<string>,
): BackupFreshness['newest'] {
  for (const { id, createdAt, copies } of backups) {
    const whole = copies.filter((copy) => away.has(copy.destinationId) && copy.problem === null)
    if (whole.length === 0) continue
    return { id, createdAt, verified: whole.some(({ verifiedAt }) => verifiedAt !== null) }
  }
  return null
}

function describe(all: readonly Status[], now: number): string {
  if (all.length === 0) return 'No databases yet. "quayside db create NAME" makes one.'
  const made = (newest: Status['newest']): string => {
    if (newest === null) return 'never'
    return `${age(newest.createdAt, now)}${newest.verified ? '' : ', not verified'}`
  }
  const rows = all.map((one) => [
    one.database,
    one.hostName,
    made(one.newest),
    made(one.offSite),
    one.nextRunAt === null ? '' : `in ${span(Math.max(0, one.nextRunAt - now))}`,
    one.provenAt === null ? 'never' : age(one.provenAt, now),
    [...(one.jobId === null ? [] : ['being made']), ...wordsOf(one)].join('; '),
  ])
  const headings = ['database', 'host', 'newest', 'off-site', 'next', 'restored', 'needs a look']
  return table(headings, rows)
}

function wordsOf({ vanished, late, failed, unproven }: Status): string[] {
  return [
    ...vanished.map(({ destinationName }) => `all gone from ${destinationName}`),
    ...late.map(({ destinationName }) => `late${to(destinationName)}`),
    ...failed.map(({ destinationName, error }) => `failed${to(destinationName)}: ${error.message}`),
    ...(unproven === null ? [] : [`test restore failed: ${unproven.error.message}`]),
  ]
}

function troublesOf(status: Status): string[] {
  const { database, vanished, late, failed, unproven } = status
  return [
    ...vanished.map(
      ({ destinationName }) => `All backups of ${database} are gone from ${destinationName}`,
    ),
    ...late.map(({ destinationName }) => `The backup of ${database}${to(destinationName)} is late`),
    ...failed.map(
      ({ destinationName }) => `The last backup of ${database}${to(destinationName)} failed`,
    ),
    ...(unproven === null ? [] : [`The last test restore of ${database} failed`]),
  ]
}

/** Nothing where the destination is gone. */
function to(destinationName: string): string {
  return destinationName === '' ? '' : ` to ${destinationName}`
}

function stale(worst: string, others: number): QuaysideError {
  const more = others === 0 ? '' : ` (and ${others} more)`
  return new QuaysideError('backup_stale', `${worst}${more}.`, {
    hint: '"quayside job list" has the jobs and why they failed, "quayside backup list" the copies.',
  })
}

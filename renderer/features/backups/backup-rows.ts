import type {
  BackupCopyView,
  BackupFreshness,
  BackupView,
} from '../../../shared/contract/backups.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { DestinationId, DestinationView } from '../../../shared/contract/destinations.ts'
import type { ErrorData } from '../../../shared/errors.ts'
import { grouped } from '../../lib/grouped.ts'

/** What lies of a database at the destinations on one side: near it, or off-site. */
export interface BackupSide {
  /** The newest backup with a copy here that is whole; `at` is when its dump began. */
  newest: { at: number; verified: boolean } | null
  /** Why a newer copy here is not to be relied on. */
  problem: ErrorData | null
  /** The last attempt here, if it came to nothing. */
  failed: FailedAttempt | null
  /** A schedule wanted one here a while ago, and nothing good has come. */
  late: boolean
  /** The destinations here from which all copies have vanished, by name. */
  vanished: readonly string[]
}

type FailedAttempt = BackupFreshness['failed'][number]

/** One database and how well it is backed up. The two sides are never one summary. */
export interface BackupRow {
  database: DatabaseView
  onSite: BackupSide
  offSite: BackupSide
  /** Bytes of the newest backup before compression; null while there is none. */
  bytes: number | null
  /** The same of the latest backups, oldest first. */
  trend: readonly number[]
  /** When a backup of it was last restored with the same rows; null if never. */
  provenAt: number | null
  /** The last test restore, if it came to nothing. */
  unproven: BackupFreshness['unproven']
  /** When a schedule backs it up next; null where none does. */
  nextRunAt: number | null
}

/** Every database that can be backed up, with what lies of it where. */
export function backupRows(given: {
  databases: readonly DatabaseView[]
  freshness: readonly BackupFreshness[]
  /** Newest first. */
  backups: readonly BackupView[]
  destinations: readonly DestinationView[]
}): BackupRow[] {
  const away = new Set(given.destinations.filter((each) => each.offSite).map(({ id }) => id))
  const known = new Map(given.freshness.map((each) => [each.databaseId, each]))
  const byDatabase = grouped(given.backups, ({ databaseId }) => databaseId)
  return given.databases
    .filter(({ status }) => status !== 'trash' && status !== 'creating')
    .map((database) => {
      const own = byDatabase.get(database.id) ?? []
      const fresh = known.get(database.id)
      return {
        database,
        onSite: sideOf(own, fresh, (id) => !away.has(id)),
        offSite: sideOf(own, fresh, (id) => away.has(id)),
        bytes: fresh?.trend.at(-1) ?? null,
        trend: fresh?.trend ?? [],
        provenAt: fresh?.provenAt ?? null,
        unproven: fresh?.unproven ?? null,
        nextRunAt: fresh?.nextRunAt ?? null,
      }
    })
}

/** What lies of one database at the destinations that `here` admits; backups come newest first. */
export function sideOf(
  backups: readonly BackupView[],
  freshness: Pick<BackupFreshness, 'failed' | 'late' | 'vanished'> | undefined,
  here: (destinationId: DestinationId) => boolean,
): BackupSide {
  const failed = freshness?.failed.find(({ destinationId }) => here(destinationId)) ?? null
  const late = freshness?.late.some(({ destinationId }) => here(destinationId)) ?? false
  const vanished = (freshness?.vanished ?? []).filter(({ destinationId }) => here(destinationId))
  const names = vanished.map(({ destinationName }) => destinationName)
  return { ...newestOf(backups, here), failed, late, vanished: names }
}

function newestOf(
  backups: readonly BackupView[],
  here: (destinationId: DestinationId) => boolean,
): Pick<BackupSide, 'newest' | 'problem'> {
  let problem: ErrorData | null = null
  for (const backup of backups) {
    const copies = backup.copies.filter(({ destinationId }) => here(destinationId))
    const whole = copies.filter((copy) => copy.problem === null)
    if (whole.length > 0) {
      const verified = whole.some(({ verifiedAt }) => verifiedAt !== null)
      return { newest: { at: backup.createdAt, verified }, problem }
    }
    problem ??= copies.find((copy) => copy.problem !== null)?.problem ?? null
  }
  return { newest: null, problem }
}

/** How far what lies somewhere can be relied on. */
export type CopyState = 'verified' | 'unverified' | 'doubtful' | 'failed'

/**
 * The sign and the second line of a side where no attempt has failed since, or where all copies have
 * vanished: nothing lies there and nothing is wrong with that where the state is null.
 */
export function sideWords({ newest, problem, late, vanished }: Omit<BackupSide, 'failed'>): {
  state: CopyState | null
  second: string | null
} {
  if (vanished.length > 0) {
    const from = `from ${vanished.join(' and ')}`
    return newest === null
      ? { state: 'failed', second: from }
      : { state: 'doubtful', second: `gone ${from}` }
  }
  if (problem !== null) {
    return { state: newest === null ? 'failed' : 'doubtful', second: problem.message }
  }
  if (late) return { state: 'doubtful', second: 'late' }
  if (newest === null) return { state: null, second: null }
  return newest.verified
    ? { state: 'verified', second: null }
    : { state: 'unverified', second: 'not verified yet' }
}

/** How far the best of the copies on one side can be relied on; null where there is none. */
export function bestOf(copies: readonly BackupCopyView[]): CopyState | null {
  if (copies.length === 0) return null
  const whole = copies.filter(({ problem }) => problem === null)
  if (whole.length === 0) return 'doubtful'
  return whole.some(({ verifiedAt }) => verifiedAt !== null) ? 'verified' : 'unverified'
}

/** That all backups have vanished from where they lay: the names of the destinations. */
export function goneFrom(vanished: readonly string[], name?: string): string {
  const of = name === undefined ? '' : ` of ${name}`
  return `All backups${of} are gone from ${vanished.join(' and ')}.`
}

/** What to do about backups that have all vanished from a destination. */
export const vanishedHint =
  'Back it up again, or put them back where they lay. If they were removed on purpose, remove what is listed of them here.'

/** What the list can be narrowed to. */
export const freshnessFilters = [
  { value: 'vanished', label: 'Gone from a destination' },
  { value: 'failed', label: 'Failed' },
  { value: 'late', label: 'Late' },
  { value: 'never', label: 'Never backed up' },
  { value: 'no-off-site', label: 'Not off-site' },
  { value: 'unverified', label: 'Not verified' },
  { value: 'unproven', label: 'Test restore failed' },
] as const
export type FreshnessFilter = (typeof freshnessFilters)[number]['value']

const admits: Readonly<Record<FreshnessFilter, (row: BackupRow) => boolean>> = {
  vanished: (row) => hasVanished(row),
  failed: (row) => hasFailed(row),
  late: (row) => isLate(row),
  never: (row) => isNever(row),
  'no-off-site': ({ offSite }) => offSite.newest === null,
  unverified: ({ onSite, offSite }) =>
    [onSite, offSite].some(({ newest }) => newest !== null && !newest.verified),
  unproven: (row) => row.unproven !== null,
}

/** True where all copies have vanished from a destination where some lay. */
export function hasVanished({ onSite, offSite }: BackupRow): boolean {
  return onSite.vanished.length > 0 || offSite.vanished.length > 0
}

/** True where the last attempt on a side came to nothing. */
export function hasFailed({ onSite, offSite }: BackupRow): boolean {
  return onSite.failed !== null || offSite.failed !== null
}

/** True where a schedule wanted a backup on a side a while ago, and nothing good has come. */
export function isLate({ onSite, offSite }: BackupRow): boolean {
  return onSite.late || offSite.late
}

/** True for a database of which nothing whole lies anywhere, and of which none has vanished either. */
export function isNever(row: BackupRow): boolean {
  return row.onSite.newest === null && row.offSite.newest === null && !hasVanished(row)
}

/** The rows that fit any of the chosen questions and, where hosts are chosen, lie on one of them. */
export function filterBackupRows(
  rows: readonly BackupRow[],
  chosen: ReadonlySet<FreshnessFilter>,
  hosts: ReadonlySet<string>,
): BackupRow[] {
  return rows.filter(
    (row) =>
      (chosen.size === 0 || [...chosen].some((filter) => admits[filter](row))) &&
      (hosts.size === 0 || hosts.has(row.database.hostName)),
  )
}

/** What the list is ordered by. */
export type BackupOrder = 'name' | 'age' | 'size'

/** By name, by the oldest newest backup first, or by size; never backed up counts as oldest. */
export function sortBackupRows(rows: readonly BackupRow[], order: BackupOrder): BackupRow[] {
  const age = ({ onSite, offSite }: BackupRow) =>
    Math.max(onSite.newest?.at ?? 0, offSite.newest?.at ?? 0)
  const compare: Readonly<Record<BackupOrder, (a: BackupRow, b: BackupRow) => number>> = {
    name: () => 0,
    age: (a, b) => age(a) - age(b),
    size: (a, b) => (b.bytes ?? -1) - (a.bytes ?? -1),
  }
  return rows.toSorted(
    (a, b) => compare[order](a, b) || a.database.name.localeCompare(b.database.name),
  )
}

import type { BackupFreshness } from '../../shared/contract/backups.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import { fullName } from '../../shared/names.ts'
import { atPlaces, goneFrom } from './full-name.ts'
import { fewFailures, type Current, type Notice, type Seen } from './notice.ts'

/** At which destinations something is wrong with the backups of each database: the ids. */
export type SeenPlaces = ReadonlyMap<DatabaseId, ReadonlySet<string>>

type Places = BackupFreshness['late']

/** What is to be remembered of the backups: where each database's are late, and where they vanished. */
export function seeBackups(freshness: Current['freshness']): Pick<Seen, 'late' | 'vanished'> {
  const placesOf = (of: 'late' | 'vanished'): SeenPlaces =>
    new Map(
      freshness.map((each) => [
        each.databaseId,
        new Set<string>(each[of].map(({ destinationId }) => destinationId)),
      ]),
    )
  return { late: placesOf('late'), vanished: placesOf('vanished') }
}

/** That all backups of a database are gone from where they lay, and that one is late. */
export function backupNotices(previous: Seen, current: Current): Notice[] {
  return [
    ...noticesOf(current, {
      places: ({ vanished }) => vanished,
      known: previous.vanished,
      title: (name, places) => `All backups of ${name} are ${goneFrom(places)}`,
      body: 'They lay there, and no good one is left. Back it up again, or put them back.',
      ofMany: (count) => `All backups of ${count} databases are gone from where they lay`,
    }),
    ...noticesOf(current, {
      // Where the last one has vanished there is none of the last due time either: one piece of news.
      places: ({ late, vanished }) =>
        late.filter(
          (at) => !vanished.some(({ destinationId }) => destinationId === at.destinationId),
        ),
      known: previous.late,
      title: (name, places) => `The backup of ${name}${atPlaces(places)} is late`,
      body: 'It was due more than an hour ago, and there is none yet.',
      ofMany: (count) => `Backups of ${count} databases are late`,
    }),
  ]
}

/** One kind of trouble with backups, and its words. */
interface Kind {
  places: (freshness: BackupFreshness) => Places
  /** Where it was before. */
  known: SeenPlaces
  title: (name: string, places: Places) => string
  body: string
  ofMany: (count: number) => string
}

/** One notice each while they are few; else one for all. */
function noticesOf(
  { databases, freshness }: Current,
  { places, known, title, body, ofMany }: Kind,
): Notice[] {
  const kept = databases.filter(({ status }) => status !== 'trash')
  const byId = new Map(kept.map((database) => [database.id, database]))
  const own = freshness.flatMap((each) => {
    const database = byId.get(each.databaseId)
    const before = known.get(each.databaseId)
    const fresh = places(each).filter(({ destinationId }) => before?.has(destinationId) !== true)
    return database === undefined || fresh.length === 0 ? [] : [{ database, fresh }]
  })
  if (own.length > fewFailures) {
    const names = own.map(({ database }) => fullName(database)).join(', ')
    return [{ title: ofMany(own.length), body: names, place: { kind: 'backups' } }]
  }
  return own.map(({ database, fresh }): Notice => ({
    title: title(fullName(database), fresh),
    body,
    place: { kind: 'backups', id: database.id },
  }))
}

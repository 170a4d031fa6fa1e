import type { BackupFreshness } from '../../shared/contract/backups.ts'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import { isAnswering, silenceOf } from '../../shared/host-status.ts'
import type { Place } from '../../shared/places.ts'
import { fullName, nameOnHost } from '../../shared/names.ts'
import { atPlaces, goneFrom } from './full-name.ts'
import type { Overview } from './overview.ts'

/** One thing that needs the user, or that nobody knows. */
export interface Trouble {
  readonly words: string
  readonly place: Place
  readonly gravity: 'failed' | 'attention' | 'unknown'
}

/** All of them: what the tray's icon tells is what its menu names. */
export function troublesOf({
  hosts,
  databases,
  freshness,
}: Pick<Overview, 'hosts' | 'databases' | 'freshness'>): Trouble[] {
  const kept = databases.filter(({ status }) => status !== 'trash')
  const backups = new Map(freshness.map((each) => [each.databaseId, each]))
  return [
    ...hosts.flatMap((host) => hostTrouble(host) ?? []),
    ...kept.flatMap((database) => databaseTrouble(database) ?? []),
    ...kept.flatMap((database) => backupTrouble(database, backups.get(database.id)) ?? []),
  ]
}

function hostTrouble({ id, name, status }: HostView): Trouble | null {
  const place = { kind: 'host', id } as const
  const words = silenceOf(name, status)
  switch (status.state) {
    case 'ready':
    case 'connecting':
      return null
    case 'degraded':
      return {
        words: isAnswering(status) ? `${name} needs a look` : words,
        place,
        gravity: 'attention',
      }
    case 'lost':
      return { words, place, gravity: 'unknown' }
    case 'refused':
      return { words, place, gravity: 'attention' }
    case 'key-changed':
      return { words, place, gravity: 'failed' }
  }
}

function databaseTrouble(database: DatabaseView): Trouble | null {
  const { id, status } = database
  const place = { kind: 'database', id } as const
  if (status === 'failed') {
    return { words: `${nameOnHost(database)} failed`, place, gravity: 'failed' }
  }
  if (status === 'attention') {
    return { words: `${nameOnHost(database)} needs a look`, place, gravity: 'attention' }
  }
  return null
}

function backupTrouble(
  database: DatabaseView,
  freshness: BackupFreshness | undefined,
): Trouble | null {
  if (freshness === undefined) return null
  const name = fullName(database)
  const place = { kind: 'backups', id: database.id } as const
  const trouble = (words: string): Trouble => ({ words, place, gravity: 'attention' })
  const { late, failed, vanished } = freshness
  if (vanished.length > 0) return trouble(`All backups of ${name} are ${goneFrom(vanished)}`)
  if (late.length > 0) return trouble(`The backup of ${name}${atPlaces(late)} is late`)
  if (failed.length > 0) return trouble(`The last backup of ${name}${atPlaces(failed)} failed`)
  if (freshness.unproven !== null) return trouble(`The last test restore of ${name} failed`)
  return null
}

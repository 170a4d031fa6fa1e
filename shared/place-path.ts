import type { Place } from './places.ts'

/** The address of a place, as the window's routes have it. */
export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'databases':
      return '/databases'
    case 'new-database':
      return '/databases/new'
    case 'database':
      return `/databases/${place.id}${place.ask === undefined ? '' : `/${place.ask}`}`
    case 'host':
      return `/hosts/${place.id}`
    case 'job':
      return `/activity/${place.id}`
    case 'settings':
      return '/settings'
    case 'backups':
      return place.id === undefined ? '/backups' : `/backups/${place.id}`
  }
}

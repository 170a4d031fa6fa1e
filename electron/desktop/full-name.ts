import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { JobView } from '../../shared/contract/jobs.ts'
import { environmentLabels, type Environment } from '../../shared/names.ts'

/** `shop (production)`: two databases of one name may differ by their environment alone. */
export function fullName({
  name,
  environment,
}: Pick<DatabaseView, 'name' | 'environment'>): string {
  return `${name} ${inEnvironment(environment)}`
}

/** `shop (production) on ams-1` */
export function nameOnHost(
  database: Pick<DatabaseView, 'name' | 'environment' | 'hostName'>,
): string {
  return `${fullName(database)} on ${database.hostName}`
}

/** `(production)`, to stand behind a name. */
export function inEnvironment(environment: Environment): string {
  return `(${environmentLabels[environment].toLowerCase()})`
}

/** Where a backup was to lie, behind its name: ` to disk and cold`; nothing where no name is left. */
export function atPlaces(places: readonly { destinationName: string }[]): string {
  const names = places.map(({ destinationName }) => destinationName).filter((name) => name !== '')
  return names.length === 0 ? '' : ` to ${names.join(' and ')}`
}

/** From where all backups have vanished: `gone from disk and cold`. */
export function goneFrom(places: readonly { destinationName: string }[]): string {
  return `gone from ${places.map(({ destinationName }) => destinationName).join(' and ')}`
}

/** What a job does, and where: `Restart shop (production) on ams-1`. */
export function jobTitle({
  title,
  environment,
  hostName,
}: Pick<JobView, 'title' | 'environment' | 'hostName'>): string {
  const which = environment === null ? '' : ` ${inEnvironment(environment)}`
  return `${title}${which}${hostName === null ? '' : ` on ${hostName}`}`
}

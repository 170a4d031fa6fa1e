import type { JobView } from '../../shared/contract/jobs.ts'
import { inEnvironment } from '../../shared/names.ts'

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

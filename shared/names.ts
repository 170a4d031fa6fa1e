import * as z from 'zod'
import { stampOf } from './stamp.ts'

/** Where a database is used. Production is marked and guarded everywhere. */
export const environments = ['production', 'staging', 'development'] as const
export const environmentSchema = z.enum(environments)
export type Environment = z.infer<typeof environmentSchema>

export const environmentLabels: Readonly<Record<Environment, string>> = {
  production: 'Production',
  staging: 'Staging',
  development: 'Development',
}

/** `shop (production)`: two databases of one name may differ by their environment alone. */
export function fullName({
  name,
  environment,
}: Pick<ServerIdentity, 'name' | 'environment'>): string {
  return `${name} ${inEnvironment(environment)}`
}

/** `shop (production) on ams-1` */
export function nameOnHost(
  database: Pick<ServerIdentity, 'name' | 'environment'> & { hostName: string },
): string {
  return `${fullName(database)} on ${database.hostName}`
}

/** `(production)`, to stand behind a name. */
export function inEnvironment(environment: Environment): string {
  return `(${environmentLabels[environment].toLowerCase()})`
}

const longestDatabaseName = 40

const namePattern = /^[a-z](?:[a-z0-9]|-(?=[a-z0-9]))*$/

/**
 * A database's name: lower-case letters, digits, single hyphens; begins with a letter and does not
 * end in a hyphen. 40 characters at most, so that the container's name, which carries environment
 * and engine behind it, stays a valid DNS label (63, RFC 1035).
 */
export const databaseNameSchema = z
  .string()
  .min(1, 'Give the database a name.')
  .max(longestDatabaseName, `Use ${longestDatabaseName} characters at most.`)
  .regex(
    namePattern,
    'Use lower-case letters, digits and single hyphens; begin with a letter, end with a letter or digit.',
  )

/**
 * What a restored database is called where nothing else is said: `{name}-restored-YYYYMMDD-HHMM`, in
 * UTC; a long name is cut.
 * @param now in ms since 1970
 */
export function restoredName(name: string, now: number): string {
  const ending = `-restored-${stampOf(now).slice(0, 13)}`
  return `${name.slice(0, longestDatabaseName - ending.length).replace(/-$/, '')}${ending}`
}

/** A host's name: as a database's, with upper-case letters, dots and underscores allowed. */
export const hostNameSchema = z
  .string()
  .min(1, 'Give the host a name.')
  .max(60, 'Use 60 characters at most.')
  .regex(
    /^[A-Za-z0-9][A-Za-z0-9._-]*$/,
    'Use letters, digits, dots, hyphens and underscores; begin with a letter or digit.',
  )

/** What names a server's container and everything derived from it. */
export interface ServerIdentity {
  name: string
  environment: Environment
  engine: string
}

/** `{name}-{environment}-{engine}` */
export function containerName(server: ServerIdentity): string {
  return `${server.name}-${server.environment}-${server.engine}`
}

/** The named volume that holds the server's data and outlives its container. */
export function volumeName(server: ServerIdentity): string {
  return `${containerName(server)}-data`
}

/** The container's name while it lies in the trash; unique, so that the name is free again. */
export function trashName(server: ServerIdentity, databaseId: string): string {
  return `${containerName(server)}-trash-${databaseId.replaceAll('-', '').slice(0, 8)}`
}

/** The logical database's name inside the engine: hyphens are awkward in SQL, underscores are not. */
export function logicalDatabaseName(name: string): string {
  return name.replaceAll('-', '_')
}

/** The address a client outside the host would use. */
export function publicAddress(
  server: ServerIdentity,
  baseDomain: string | null,
  hostAddress: string,
): string {
  return baseDomain === null ? hostAddress : `${containerName(server)}.db.${baseDomain}`
}

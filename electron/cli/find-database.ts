import * as z from 'zod'
import type { DatabaseId, DatabaseView } from '../../shared/contract/databases.ts'
import { QuaysideError } from '../../shared/errors.ts'
import { environmentSchema } from '../../shared/names.ts'
import type { Core } from '../domain/core.ts'
import { answerTime, findHost, glance } from './find-host.ts'
import { parseInput } from './parse-input.ts'

/** Options that narrow down a name. */
export const whichSchema = z.object({
  host: z.string().optional(),
  environment: environmentSchema.optional(),
})
export type Which = z.output<typeof whichSchema>

/** A database as someone named it, and where to look for it. */
export interface DatabaseQuery {
  /** `NAME`, `NAME@HOST` or an id. */
  reference: string
  /** The options as typed. */
  options: Readonly<Record<string, unknown>>
  /** In the trash, out of it, or wherever: outside first. */
  place: 'live' | 'trash' | 'either'
}

/**
 * The one database that is meant; its state is not asked for.
 * @throws QuaysideError `not_found`; `invalid_input` with the candidates when several fit.
 */
export async function findDatabase(
  core: Core,
  { reference, options, place }: DatabaseQuery,
  signal: AbortSignal,
): Promise<DatabaseView> {
  const which = parseInput(whichSchema, options)
  const all = await core.databases.list({}, { signal: glance(signal) })
  const fitting = all.filter((database) => fits(database, reference, which))
  const live = fitting.filter((database) => database.status !== 'trash')
  const trash = fitting.filter((database) => database.status === 'trash')
  const candidates =
    place === 'live' ? live : place === 'trash' ? trash : live.length > 0 ? live : trash
  const [found, second] = candidates
  if (found === undefined) throw notFound(reference, place, fitting)
  if (second !== undefined) throw ambiguous(reference, candidates)
  return found
}

/** The database as its host says it is. @throws QuaysideError `not_found` */
export async function databaseById(
  core: Core,
  id: DatabaseId,
  signal: AbortSignal,
): Promise<DatabaseView> {
  const all = await core.databases.list({}, { signal: answerTime(signal) })
  const found = all.find((database) => database.id === id)
  if (found === undefined)
    throw new QuaysideError('not_found', 'There is no such database any more.')
  return found
}

/**
 * Tells which are meant where none is named: those on a host, of an environment, or all.
 * @throws QuaysideError `invalid_input`; `not_found` for a host that is not there
 */
export async function findNarrowing(
  core: Core,
  options: DatabaseQuery['options'],
  signal: AbortSignal,
): Promise<(one: Pick<DatabaseView, 'hostName' | 'environment'>) => boolean> {
  const { host, environment } = parseInput(whichSchema, options)
  const hostName = host === undefined ? undefined : (await findHost(core, host, signal)).name
  return (one) =>
    (hostName === undefined || one.hostName === hostName) &&
    (environment === undefined || one.environment === environment)
}

function fits(database: DatabaseView, reference: string, which: Which): boolean {
  if (database.id === reference) return true
  if (which.environment !== undefined && database.environment !== which.environment) return false
  if (
    which.host !== undefined &&
    which.host !== database.hostName &&
    which.host !== database.hostId
  )
    return false
  return reference === database.name || reference === `${database.name}@${database.hostName}`
}

function notFound(
  reference: string,
  place: DatabaseQuery['place'],
  fitting: readonly DatabaseView[],
): QuaysideError {
  if (fitting.length === 0) {
    return new QuaysideError('not_found', `There is no database named "${reference}".`, {
      hint: '"quayside db list --trash" shows all there are.',
    })
  }
  return place === 'trash'
    ? new QuaysideError('not_found', `"${reference}" is not in the trash.`, {
        hint: `"quayside db delete ${reference}" puts it there.`,
      })
    : new QuaysideError('not_found', `"${reference}" is in the trash.`, {
        hint: `"quayside db undelete ${reference}" brings it back.`,
      })
}

function ambiguous(reference: string, candidates: readonly DatabaseView[]): QuaysideError {
  const lines = candidates.map(
    ({ id, name, hostName, environment }) => `  ${name}@${hostName}  ${environment}  ${id}`,
  )
  return new QuaysideError('invalid_input', `"${reference}" fits ${candidates.length} databases.`, {
    hint: ['Name one by NAME@HOST, --environment or its id:', ...lines].join('\n'),
    facts: Object.fromEntries(
      candidates.map(({ id, name, hostName, environment }) => [
        id,
        `${name}@${hostName} ${environment}`,
      ]),
    ),
  })
}

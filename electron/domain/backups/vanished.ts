import type { DestinationId } from '../../../shared/contract/destinations.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import type { CopyHead } from '../ports.ts'

/**
 * At which destinations all copies of a database have vanished: some were there, and beside those that
 * are gone now there are at most damaged ones. That is damage, whether or not a schedule wants new ones.
 */
export function vanishedAt(copies: readonly CopyHead[]): DestinationId[] {
  const gone = copies.filter(({ problem }) => problem?.code === 'not_found')
  return [...new Set(gone.map(({ destinationId }) => destinationId))].filter((id) =>
    copies.every(
      ({ destinationId, problem }) =>
        destinationId !== id || (problem !== null && lost.has(problem.code)),
    ),
  )
}

/** What is wrong with a copy of which nothing will come any more. A key may yet be found. */
const lost: ReadonlySet<ErrorCode> = new Set(['not_found', 'backup_damaged'])

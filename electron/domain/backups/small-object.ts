import { Readable } from 'node:stream'
import type { Destination } from '../../destinations/destination.ts'
import { QuaysideError } from '../../../shared/errors.ts'

/** Longer than any manifest of a database with a hundred thousand tables, bytes. */
const longest = 64 * 2 ** 20

/**
 * Reads an object that fits in memory, as text; null where there is none.
 * @throws QuaysideError `backup_damaged` when it is far too long, what the destination failed with
 */
export async function readSmall(
  destination: Destination,
  name: string,
  signal: AbortSignal,
): Promise<string | null> {
  const facts = await destination.stat(name, { signal })
  if (facts === null) return null
  if (facts.bytes > longest) {
    throw new QuaysideError('backup_damaged', `${name} is far too long to be what its name says.`, {
      hint: 'Look at the destination: something else may write there.',
    })
  }
  const pieces: Buffer[] = []
  for await (const piece of await destination.get(name, { signal })) {
    pieces.push(Buffer.from(piece as Uint8Array))
  }
  return Buffer.concat(pieces).toString('utf8')
}

/** Stores a text whole. @throws QuaysideError `name_taken` when exclusive and there is one already */
export async function putSmall(
  destination: Destination,
  name: string,
  text: string,
  options: { signal: AbortSignal; exclusive: boolean },
): Promise<void> {
  await destination.put(name, Readable.from([Buffer.from(text)]), options)
}

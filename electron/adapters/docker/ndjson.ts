import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'

/**
 * The JSON values of a stream, one a line. A stream that breaks off throws its error; one that ends
 * within a line throws too, since what is missing can't be known.
 */
export async function* ndjson(stream: Readable): AsyncGenerator<unknown> {
  let failed: Error | undefined
  stream.once('error', (error: Error) => (failed = error))
  stream.once('aborted', () => (failed ??= new Error('the answer broke off')))
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    if (line.trim() === '') continue
    yield parse(line)
  }
  // readline ends quietly where its input fails.
  if (failed !== undefined) throw failed
  if (stream.errored) throw stream.errored
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch (cause) {
    throw new Error(`the answer broke off within a line: ${line.slice(0, 80)}`, { cause })
  }
}

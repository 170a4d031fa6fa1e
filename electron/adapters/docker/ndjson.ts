import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { bytesOf } from './answer-bytes.ts'

/** Far above any line that Docker writes; beyond it something else talks. Characters. */
const longestLine = 4 * 2 ** 20

/**
 * The JSON values of a stream, one a line. A stream that breaks off throws its error; one that ends
 * within a line throws too, since what is missing can't be known.
 */
export async function* ndjson(answer: Readable): AsyncGenerator<unknown> {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  for await (const piece of bytesOf(answer)) {
    const lines = (rest + decoder.write(piece)).split('\n')
    rest = lines.pop() ?? ''
    if (rest.length > longestLine) throw new Error('a line of the answer has no end')
    for (const line of lines) if (line.trim() !== '') yield parse(line)
  }
  rest += decoder.end()
  if (rest.trim() !== '') yield parse(rest)
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch (cause) {
    throw new Error(`the answer broke off within a line: ${line.slice(0, 80)}`, { cause })
  }
}

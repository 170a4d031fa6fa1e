import { PassThrough, type Readable } from 'node:stream'

/** More than a short answer has. */
const longestAnswer = 64 * 1024

/** All of a short answer. */
export async function textOf(output: Readable): Promise<string> {
  let text = ''
  for await (const chunk of output as AsyncIterable<Buffer>)
    if (text.length < longestAnswer) text += chunk.toString('utf8')
  return text
}

/** All lines of an answer of any length. */
export async function linesOf(output: Readable): Promise<string[]> {
  const lines: string[] = []
  let open = ''
  for await (const chunk of output as AsyncIterable<Buffer>) {
    const parts = (open + chunk.toString('latin1')).split('\n')
    open = parts.pop() ?? ''
    for (const line of parts) lines.push(line)
  }
  if (open !== '') lines.push(open)
  return lines
}

/** The first line, and what follows it as a stream that fails where the output does; null without one. */
export async function firstLine(
  output: Readable,
): Promise<{ line: string; rest: Readable } | null> {
  const chunks = output[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let head = Buffer.alloc(0)
  for (;;) {
    const next = await chunks.next()
    if (next.done === true) return null
    head = Buffer.concat([head, next.value])
    const end = head.indexOf('\n')
    if (end === -1) {
      if (head.length > longestAnswer) return null
      continue
    }
    return { line: head.toString('latin1', 0, end), rest: restOf(head.subarray(end + 1), chunks) }
  }
}

function restOf(first: Buffer, chunks: AsyncIterator<Buffer>): Readable {
  const rest = new PassThrough({ highWaterMark: 256 * 1024 })
  const feed = async (): Promise<void> => {
    if (first.length > 0) await write(rest, first)
    for (;;) {
      const next = await chunks.next()
      if (next.done === true || rest.destroyed) break
      await write(rest, next.value)
    }
    rest.end()
  }
  feed()
    .catch((thrown: unknown) => {
      rest.destroy(thrown instanceof Error ? thrown : new Error(String(thrown)))
    })
    .finally(() => void chunks.return?.())
  return rest
}

/** Waits until there is room again, or nobody reads any more. */
async function write(rest: PassThrough, chunk: Buffer): Promise<void> {
  if (rest.destroyed || rest.write(chunk)) return
  await new Promise<void>((resolve) => {
    const done = (): void => {
      rest.off('drain', done)
      rest.off('close', done)
      resolve()
    }
    rest.once('drain', done)
    rest.once('close', done)
  })
}

import { Readable } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ndjson } from './ndjson.ts'

async function all(stream: Readable): Promise<unknown[]> {
  const values = []
  for await (const value of ndjson(stream)) values.push(value)
  return values
}

function inPieces(text: string, size: number): Readable {
  const bytes = Buffer.from(text)
  const pieces = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  return Readable.from(pieces, { objectMode: false })
}

describe('ndjson', () => {
  it('reads every value, wherever the stream is split', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }), number: fc.integer() })),
        fc.integer({ min: 1, max: 40 }),
        fc.constantFrom('\n', '\r\n'),
        async (values, size, end) => {
          const text = values.map((value) => JSON.stringify(value) + end).join('')
          expect(await all(inPieces(text, size))).toEqual(values)
        },
      ),
    )
  })

  it('takes a last line without an end, and skips empty ones', async () => {
    expect(await all(inPieces('{"a":1}\n\n{"a":2}', 5))).toEqual([{ a: 1 }, { a: 2 }])
  })

  it('fails where the stream ends within a line', async () => {
    await expect(all(inPieces('{"a":1}\n{"a', 4))).rejects.toThrow('broke off within a line')
  })

  it('gives what came before the stream failed, then its error', async () => {
    const seen: unknown[] = []
    const stream = Readable.from(
      (async function* () {
        yield Buffer.from('{"a":1}\n{"a"')
        throw new Error('cut')
      })(),
      { objectMode: false },
    )
    const reading = (async () => {
      for await (const value of ndjson(stream)) seen.push(value)
    })()
    await expect(reading).rejects.toThrow('cut')
    expect(seen).toEqual([{ a: 1 }])
  })

  it('does not gather a line without an end for ever', async () => {
    const endless = Readable.from(
      (function* () {
        for (;;) yield Buffer.alloc(2 ** 20, 'x')
      })(),
      { objectMode: false },
    )
    await expect(all(endless)).rejects.toThrow('has no end')
  })
})

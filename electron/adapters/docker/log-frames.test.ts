import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logFrames } from './log-frames.ts'

function frame(stream: number, text: string | Uint8Array): Buffer {
  const body = Buffer.from(text)
  const header = Buffer.from([stream, 0, 0, 0, 0, 0, 0, 0])
  header.writeUInt32BE(body.length, 4)
  return Buffer.concat([header, body])
}

async function read(bytes: Buffer, size = bytes.length || 1): Promise<Buffer> {
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size))
  const gathered: Buffer[] = []
  await pipeline(Readable.from(pieces), logFrames(), async (output: AsyncIterable<Buffer>) => {
    for await (const piece of output) gathered.push(piece)
  })
  return Buffer.concat(gathered)
}

describe('the frames of a container’s output', () => {
  it('gives what was said in order, wherever the stream is split', async () => {
    const said = fc.array(
      fc.record({
        stream: fc.constantFrom(0, 1, 2),
        body: fc.uint8Array({ minLength: 0, maxLength: 40 }),
      }),
    )
    await fc.assert(
      fc.asyncProperty(said, fc.integer({ min: 1, max: 30 }), async (frames, size) => {
        const bytes = Buffer.concat(frames.map(({ stream, body }) => frame(stream, body)))
        const expected = Buffer.concat(frames.map(({ body }) => body))
        expect((await read(bytes, size)).equals(expected)).toBe(true)
      }),
    )
  })

  it.each([
    ['an unknown stream', Buffer.concat([frame(1, 'fine'), frame(3, 'what')])],
    ['text without frames', Buffer.from('2026-11-21 LOG:  database system is ready\n')],
  ])('fails on %s', async (_name, bytes) => {
    await expect(read(bytes)).rejects.toThrow('bad frame')
  })

  it.each([1, 4, 8, 9, 12])('fails when only %i bytes of a frame came', async (length) => {
    const bytes = Buffer.concat([frame(1, 'whole'), frame(2, 'broken').subarray(0, length)])
    await expect(read(bytes)).rejects.toThrow('breaks off within a frame')
  })

  it('waits for a slow reader', async () => {
    let produced = 0
    const source = Readable.from(
      (function* () {
        for (; produced < 200; produced++) yield frame(1, Buffer.alloc(64 * 1024))
      })(),
      { highWaterMark: 1 },
    )
    const output = source.pipe(logFrames())
    await new Promise((resolve) => output.once('readable', resolve))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(produced).toBeLessThan(10)
    output.destroy()
    source.destroy()
  })
})

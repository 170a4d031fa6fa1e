import { Readable } from 'node:stream'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { partsOf, partSizes, type PartSize } from './parts.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30
const s3 = { usual: 16 * MiB, most: 10_000 }

/** How much fits, and the largest part of it. */
function fits(size: PartSize, most: number): { bytes: number; largest: number } {
  let bytes = 0
  let largest = 0
  for (let number = 1; number <= most; number += 1) {
    largest = Math.max(largest, size(number, bytes))
    bytes += size(number, bytes)
  }
  return { bytes, largest }
}

it('parts are as large as usual up to 125 GiB, and grow so that seven times as much fits', () => {
  const size = partSizes(undefined, s3)
  expect(size(1, 0)).toBe(s3.usual)
  expect(size(8_000, 7_999 * s3.usual)).toBe(s3.usual)
  const { bytes, largest } = fits(size, s3.most)
  expect(bytes).toBeGreaterThan(900 * GiB)
  expect(largest).toBeLessThanOrEqual(GiB)
})

it('what is expected fits into parts that are all alike, and no larger than it takes', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 * 1024 }), (gibibytes) => {
      const expected = gibibytes * GiB
      const size = partSizes(expected, s3)
      const alike = size(1, 0)
      expect(alike * s3.most * 0.8).toBeGreaterThanOrEqual(expected)
      expect(alike).toBeLessThanOrEqual(Math.max(s3.usual, expected / (s3.most * 0.8) + MiB))
      expect(size(Math.ceil(expected / alike), expected)).toBe(alike)
      // A backup that has grown meanwhile still fits.
      if (alike < GiB / 8) expect(fits(size, s3.most).bytes).toBeGreaterThan(2 * expected)
    }),
    { numRuns: 20 },
  )
})

it('content comes whole in growing parts, each where the one before it ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }),
      fc.integer({ min: 1, max: 9 }),
      async (chunks, usual) => {
        const size = partSizes(undefined, { usual, most: 10 })
        const content = Readable.from(
          chunks.filter(({ length }) => length > 0).map((chunk) => Buffer.from(chunk)),
        )
        const whole = Buffer.concat(chunks)
        let at = 0
        let count = 0
        let ended = false
        for await (const part of partsOf(content, size)) {
          expect(ended).toBe(false)
          expect(part).toMatchObject({ number: (count += 1), from: at })
          expect(part.bytes.equals(whole.subarray(at, at + part.bytes.length))).toBe(true)
          if (!part.last) expect(part.bytes).toHaveLength(size(part.number, part.from))
          at += part.bytes.length
          ended = part.last
        }
        expect([at, ended]).toEqual([whole.length, true])
      },
    ),
  )
})

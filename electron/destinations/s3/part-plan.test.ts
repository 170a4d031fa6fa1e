import { expect, it } from 'vitest'
import { planParts } from './part-plan.ts'

const MiB = 2 ** 20
const GiB = 2 ** 30
const r2 = 'https://0123456789abcdef.eu.r2.cloudflarestorage.com'

it.each([undefined, 10 * GiB, 300 * GiB, 2_000 * GiB])(
  'Cloudflare R2 gets parts that are all alike, with room for twice as much; %j expected',
  (expected) => {
    const { partSize, mostParts } = planParts(r2, expected, undefined)
    const first = partSize(1, 0)
    for (const number of [2, 8_000, 8_001, 10_000])
      expect(partSize(number, (number - 1) * first)).toBe(first)
    expect(first * mostParts).toBeGreaterThanOrEqual(Math.max(312 * GiB, 2 * (expected ?? 0)))
    expect(first).toBeLessThanOrEqual(Math.max(32 * MiB, (2 * (expected ?? 0)) / mostParts + MiB))
  },
)

it.each(['', 'https://s3.example.com', 'http://r2.cloudflarestorage.com.example.com:9000'])(
  'others get usual parts, which grow where more comes: %j',
  (endpoint) => {
    const { partSize } = planParts(endpoint, undefined, undefined)
    expect(partSize(1, 0)).toBe(16 * MiB)
    expect(partSize(9_000, 140 * GiB)).toBeGreaterThan(16 * MiB)
  },
)

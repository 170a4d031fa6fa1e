import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { retentionSchema } from '../../../shared/contract/schedules.ts'
import { decideRetention, type RetentionItem, type RetentionView } from './retention.ts'

const hour = 3_600_000
const day = 24 * hour
const now = Date.UTC(2026, 5, 15, 12)

const item = (createdAt: number, more: Partial<RetentionItem> = {}): RetentionItem => ({
  id: String(createdAt),
  createdAt,
  verified: true,
  inUse: false,
  bytes: 100,
  ...more,
})
const view = (
  items: readonly RetentionItem[],
  more: Partial<RetentionView> = {},
): RetentionView => ({
  items,
  complete: true,
  now,
  clockJumped: false,
  timeZone: 'Europe/Berlin',
  ...more,
})
const policy = (more: object = {}) => retentionSchema.parse({ last: 1, ...more })
const ages = (items: readonly RetentionItem[]): number[] =>
  items.map(({ createdAt }) => Math.round((now - createdAt) / day)).toSorted((a, b) => a - b)

const daily = (days: number): RetentionItem[] =>
  Array.from({ length: days }, (_, age) => item(now - age * day))

describe('retention', () => {
  it('keeps the last ones', () => {
    const { keep, remove } = decideRetention(view(daily(10)), policy({ last: 3 }))
    expect(ages(keep)).toEqual([0, 1, 2])
    expect(ages(remove)).toEqual([3, 4, 5, 6, 7, 8, 9])
  })

  it('keeps one a day, a week and a month, the newest of each', () => {
    const { keep } = decideRetention(
      view(daily(100)),
      policy({ last: 1, daily: 3, weekly: 3, monthly: 3 }),
    )
    // 15 June 2026 is a Monday: the weeks end on the 14th and the 7th, the months on 31 May and 30 April.
    expect(ages(keep)).toEqual([0, 1, 2, 8, 15, 46])
  })

  it('counts days by the calendar of the zone', () => {
    const late = Date.UTC(2026, 5, 14, 22, 30)
    const early = Date.UTC(2026, 5, 14, 21, 30)
    const removed = (timeZone: string) =>
      decideRetention(
        view([item(now), item(late), item(early)], { timeZone }),
        policy({ daily: 2 }),
      ).remove.length
    // 00:30 and 23:30 in Berlin: the first of them stands for the same day as now.
    expect(removed('Europe/Berlin')).toBe(1)
    expect(
      decideRetention(view([item(now), item(late), item(early)]), policy({ daily: 2 })).remove,
    ).toEqual([item(late)])
    expect(
      decideRetention(
        view([item(now), item(late), item(early)], { timeZone: 'UTC' }),
        policy({ daily: 2 }),
      ).remove,
    ).toEqual([item(early)])
  })

  it('takes the hour that the end of summer time repeats for two', () => {
    const first = Date.UTC(2026, 9, 25, 0, 30)
    const second = first + hour
    const { keep } = decideRetention(
      view([item(first), item(second)], { now: second + day }),
      policy({ hourly: 2 }),
    )
    expect(keep).toHaveLength(2)
  })

  it('gives up the oldest until the rest fits, but none of the last ones', () => {
    const within = (last: number, maxBytes: number) =>
      ages(decideRetention(view(daily(10)), policy({ last, daily: 8, maxBytes })).keep)
    expect(within(1, 250)).toEqual([0, 1])
    expect(within(1, 1)).toEqual([0])
    expect(within(3, 250)).toEqual([0, 1, 2])
    expect(within(3, 550)).toEqual([0, 1, 2, 3, 4])
  })

  it('keeps a verified one when the newer ones are not', () => {
    const items = daily(5).map((each, age) => ({ ...each, verified: age >= 3 }))
    const { keep, remove } = decideRetention(view(items), policy({ last: 1 }))
    expect(ages(keep)).toEqual([0, 1, 2, 3])
    expect(ages(remove)).toEqual([4])
  })

  it.each([
    ['the listing is incomplete', { complete: false }, 'listing-incomplete'],
    ['the clock jumped', { clockJumped: true }, 'clock'],
    ['the clock is behind the backups', { now: now - 30 * day }, 'clock'],
    ['nothing is listed', { items: [] }, 'nothing-listed'],
    ['nothing is verified', { items: [item(now, { verified: false })] }, 'nothing-verified'],
  ] as const)('removes nothing when %s', (_what, more, hold) => {
    const decision = decideRetention({ ...view(daily(10)), ...more }, policy())
    expect(decision).toMatchObject({ remove: [], hold })
  })

  it.each([
    ['an hour ahead', hour],
    ['an hour behind', -hour],
    ['a year ahead', 365 * day],
    ['a year behind', -365 * day],
  ])('lets no more go with a clock that is %s', (_what, skew) => {
    const asked = policy({ last: 2, hourly: 3, daily: 3, weekly: 2, monthly: 2 })
    const right = decideRetention(view(daily(100)), asked)
    const skewed = decideRetention(view(daily(100), { now: now + skew }), asked)
    // Backups are counted, not aged: a clock by itself makes none of them old.
    if (skew < -day) expect(skewed).toMatchObject({ remove: [], hold: 'clock' })
    else expect(skewed).toEqual(right)
  })

  const anyItem = fc.record({
    id: fc.uuid(),
    createdAt: fc.integer({ min: now - 800 * day, max: now }),
    verified: fc.boolean(),
    inUse: fc.boolean(),
    bytes: fc.integer({ min: 1, max: 10_000 }),
  })
  const anyItems = fc.uniqueArray(anyItem, { selector: ({ id }) => id, maxLength: 60 })
  const anyPolicy = fc
    .record({
      last: fc.integer({ min: 1, max: 20 }),
      hourly: fc.integer({ min: 0, max: 48 }),
      daily: fc.integer({ min: 0, max: 30 }),
      weekly: fc.integer({ min: 0, max: 10 }),
      monthly: fc.integer({ min: 0, max: 24 }),
      maxBytes: fc.option(fc.integer({ min: 1, max: 100_000 })),
    })
    .map((each) => retentionSchema.parse(each))

  it('never touches the newest verified, what is younger, or what is in use', () => {
    fc.assert(
      fc.property(anyItems, anyPolicy, (items, chosen) => {
        const { remove } = decideRetention(view(items), chosen)
        const good = items.filter(({ verified }) => verified)
        const newest = Math.max(...good.map(({ createdAt }) => createdAt))
        for (const each of remove) {
          expect(each.inUse).toBe(false)
          expect(each.createdAt).toBeLessThan(newest)
        }
      }),
    )
  })

  it('leaves the minimum of verified ones, whatever their size', () => {
    fc.assert(
      fc.property(anyItems, anyPolicy, (items, chosen) => {
        const { keep } = decideRetention(view(items), chosen)
        const good = items.filter(({ verified }) => verified).length
        expect(keep.filter(({ verified }) => verified).length).toBeGreaterThanOrEqual(
          Math.min(good, chosen.last),
        )
      }),
    )
  })

  it('removes nothing more when it is run again, and loses nothing', () => {
    fc.assert(
      fc.property(anyItems, anyPolicy, (items, chosen) => {
        const { keep, remove } = decideRetention(view(items), chosen)
        expect(new Set([...keep, ...remove])).toEqual(new Set(items))
        expect(decideRetention(view(keep), chosen).remove).toEqual([])
      }),
    )
  })

  it('keeps no less when the policy keeps more', () => {
    fc.assert(
      fc.property(anyItems, anyPolicy, fc.integer({ min: 0, max: 10 }), (items, chosen, more) => {
        const unlimited = { ...chosen, maxBytes: null }
        const less = decideRetention(view(items), unlimited).keep
        const larger = { ...unlimited, last: chosen.last + more, daily: chosen.daily + more }
        const kept = new Set(decideRetention(view(items), larger).keep)
        for (const each of less) expect(kept.has(each)).toBe(true)
      }),
    )
  })
})

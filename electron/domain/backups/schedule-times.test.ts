import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { look, nextRuns } from './schedule-times.ts'

const berlin = (cron: string) => ({ cron, timeZone: 'Europe/Berlin' })
const at = (text: string): number => Date.parse(text)
const iso = (times: readonly number[]): string[] =>
  times.map((each) => new Date(each).toISOString())

describe('the times of a schedule', () => {
  it('are those of the zone', () => {
    expect(iso(nextRuns(berlin('30 3 * * *'), at('2026-01-10T00:00:00Z'), 2))).toEqual([
      '2026-01-10T02:30:00.000Z',
      '2026-01-11T02:30:00.000Z',
    ])
    expect(iso(nextRuns(berlin('30 3 * * *'), at('2026-07-10T00:00:00Z'), 1))).toEqual([
      '2026-07-10T01:30:00.000Z',
    ])
  })

  it('run once when the start of summer time skips them, and once when its end repeats them', () => {
    const spring = nextRuns(berlin('30 2 * * *'), at('2026-03-28T12:00:00Z'), 2)
    expect(spring.filter((time) => time < at('2026-03-29T12:00:00Z'))).toHaveLength(1)
    const autumn = nextRuns(berlin('30 2 * * *'), at('2026-10-24T12:00:00Z'), 2)
    expect(autumn.filter((time) => time < at('2026-10-25T12:00:00Z'))).toHaveLength(1)
  })

  it.each([
    ['0 2,14 * * *', ['2026-10-25T00:00', '2026-10-25T13:00', '2026-10-26T01:00']],
    ['0 1-3 * * *', ['2026-10-24T23:00', '2026-10-25T00:00', '2026-10-25T02:00']],
    ['0 * * * *', ['2026-10-24T23:00', '2026-10-25T00:00', '2026-10-25T01:00']],
  ])(
    'that repeat run once where they are named, and each hour where any is meant: %s',
    (cron, due) => {
      const runs = iso(nextRuns(berlin(cron), at('2026-10-24T22:30:00Z'), 3))
      expect(runs.map((each) => each.slice(0, 16))).toEqual(due)
    },
  )

  it('that are skipped run right after the gap, also where several are named', () => {
    expect(iso(nextRuns(berlin('30 2,14 * * *'), at('2026-03-29T00:30:00Z'), 2))).toEqual([
      '2026-03-29T01:00:00.000Z',
      '2026-03-29T12:30:00.000Z',
    ])
  })

  it('are none on a day that never comes', () => {
    expect(nextRuns(berlin('0 0 30 2 *'), at('2026-01-01T00:00:00Z'), 1)).toEqual([])
    expect(look(berlin('0 0 30 2 *'), null, at('2026-01-01T00:00:00Z'))).toEqual({
      due: false,
      missed: 0,
      next: null,
    })
  })

  it.each(['', '* * * *', '61 * * * *', '* * * * * *', '0 3 * * someday'])(
    'refuse %j with the field',
    (cron) => {
      expect(() => nextRuns(berlin(cron), 0, 1)).toThrow(
        expect.objectContaining({ code: 'invalid_input', field: 'cron' }),
      )
    },
  )

  it('refuse a zone that is none', () => {
    expect(() => nextRuns({ cron: '0 3 * * *', timeZone: 'Mars/Base' }, 0, 1)).toThrow(
      expect.objectContaining({ code: 'invalid_input', field: 'timeZone' }),
    )
  })
})

describe('a look at a schedule', () => {
  const daily = { cron: '0 3 * * *', timeZone: 'UTC' }

  it('plans what was never planned', () => {
    expect(look(daily, null, at('2026-01-10T12:00:00Z'))).toEqual({
      due: false,
      missed: 0,
      next: at('2026-01-11T03:00:00Z'),
    })
  })

  it('waits for its time, then runs and plans the next', () => {
    const planned = at('2026-01-11T03:00:00Z')
    expect(look(daily, planned, planned - 1)).toEqual({ due: false, missed: 0, next: planned })
    expect(look(daily, planned, planned)).toEqual({
      due: true,
      missed: 0,
      next: at('2026-01-12T03:00:00Z'),
    })
  })

  it('makes up for five nights asleep with one run, and says what was missed', () => {
    expect(look(daily, at('2026-01-11T03:00:00Z'), at('2026-01-15T12:00:00Z'))).toEqual({
      due: true,
      missed: 4,
      next: at('2026-01-16T03:00:00Z'),
    })
  })

  it('plans anew when the clock was set back by years', () => {
    expect(look(daily, at('2031-01-11T03:00:00Z'), at('2026-01-15T12:00:00Z'))).toEqual({
      due: false,
      missed: 0,
      next: at('2026-01-16T03:00:00Z'),
    })
  })

  it('never plans a time that has passed, and runs at most once a look', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4e12 }),
        fc.option(fc.integer({ min: 0, max: 4e12 })),
        fc.constantFrom('0 3 * * *', '*/15 * * * *', '30 2 1 * *', '0 0 * * 1'),
        (now, planned, cron) => {
          const found = look(berlin(cron), planned, now)
          expect(found.next).toBeGreaterThan(now)
          expect(found.due).toBe(planned !== null && planned <= now)
        },
      ),
      { numRuns: 60 },
    )
  })
})

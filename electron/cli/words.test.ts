import { describe, expect, it } from 'vitest'
import { age, span } from './words.ts'
import { facts, table } from './table.ts'

describe('words', () => {
  it('keeps hours up to two days, ages up to seven, then gives the date', () => {
    const hour = 3_600_000
    expect(span(47 * hour)).toBe('47 h')
    expect(span(48 * hour)).toBe('2 d')
    expect(age(0, 6 * 24 * hour)).toBe('6 d ago')
    expect(age(0, 8 * 24 * hour)).toBe('1970-01-01')
    expect(age(100, 0)).toBe('now')
  })

  it('aligns by characters and leaves no blanks at the ends', () => {
    expect(
      table(
        ['a', 'b'],
        [
          ['ä…', ''],
          ['x', 'y'],
        ],
      ),
    ).toBe('A   B\nä…\nx   y')
    expect(
      facts([
        ['Long name', '1'],
        ['N', null],
        ['M', '2'],
      ]),
    ).toBe('Long name  1\nM          2')
  })
})

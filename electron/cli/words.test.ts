import { describe, expect, it } from 'vitest'
import { age, bytes, span } from './words.ts'
import { facts, table } from './table.ts'

describe('words', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [18_400_000_000, '18.4 GB'],
    [5e15, '5000 TB'],
  ])('%d bytes are %s', (count, text) => expect(bytes(count)).toBe(text))

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

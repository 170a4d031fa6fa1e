import { describe, expect, it } from 'vitest'
import {
  bytesSoFar,
  formatAge,
  formatBytes,
  formatBytesOf,
  formatCount,
  formatDate,
  formatDay,
  formatDuration,
  formatExact,
  formatLeft,
  formatLimit,
  formatPercent,
  formatRate,
  formatSpan,
  plural,
} from './format.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const now = new Date(2026, 10, 21, 14, 5, 2).getTime()

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [96, '96 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [7_600_000, '7.6 MB'],
    [96_000_000, '96.0 MB'],
    [312_000_000, '312 MB'],
    [999_400_000, '999 MB'],
    [999_600_000, '1.0 GB'],
    [999_960_000, '1.0 GB'],
    [18_400_000_000, '18.4 GB'],
  ])('writes %d bytes as %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text)
  })

  it('gives two sizes the unit of the larger', () => {
    expect(formatBytesOf(61_000_000, 154_000_000)).toBe('61.0 of 154 MB')
    expect(formatBytesOf(2_900_000_000, 4_000_000_000, ' / ')).toBe('2.9 / 4 GB')
    expect(formatBytesOf(32_300_000, 25_300_000_000, ' / ')).toBe('32.3 MB / 25.3 GB')
    expect(formatBytesOf(0, 4_000_000_000, ' / ')).toBe('0.0 / 4 GB')
  })

  it('says only what is done while the whole is unknown', () => {
    expect(bytesSoFar(61_000_000, null)).toBe('61.0 MB')
    expect(bytesSoFar(61_000_000, 154_000_000)).toBe('61.0 of 154 MB')
  })

  it('writes limits and rates with their unit', () => {
    expect(formatLimit(4_000_000_000)).toBe('4 GB')
    expect(formatLimit(4_290_000_000)).toBe('4.3 GB')
    expect(formatRate(11_000_000)).toBe('11.0 MB/s')
  })
})

describe('numbers', () => {
  it('puts a space before the per cent sign', () => {
    expect(formatPercent(22.4)).toBe('22 %')
    expect(formatPercent(6.24)).toBe('6.2 %')
    expect(formatPercent(0)).toBe('0 %')
    expect(formatPercent(0.02)).toBe('0 %')
    expect(formatPercent(9.97)).toBe('10 %')
  })

  it('separates thousands and counts nouns', () => {
    expect(formatCount(12_045)).toBe('12,045')
    expect(plural(1, 'host')).toBe('1 host')
    expect(plural(0, 'host')).toBe('0 hosts')
  })
})

describe('durations', () => {
  it.each([
    [18, '18 ms'],
    [400, '0.4 s'],
    [9_240, '9.2 s'],
    [14_000, '14 s'],
    [59_700, '1 min'],
    [2 * minute + 10 * second, '2 min 10 s'],
    [11 * minute + 20 * second, '11 min'],
    [3 * hour + 5 * minute, '3 h 5 min'],
    [26 * hour, '26 h'],
    [41 * day + 6 * hour, '41 d 6 h'],
    [0.2, '< 1 ms'],
    [-5, '< 1 ms'],
  ])('writes %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})

describe('ages', () => {
  it.each([
    [2 * second, 'just now'],
    [12 * second, '12 s ago'],
    [38 * minute, '38 min ago'],
    [26 * hour, '26 h ago'],
    [3 * day, '3 d ago'],
    [9 * day, '12 Nov'],
  ])('says of %d ms: %s', (span, text) => {
    expect(formatAge(now - span, now)).toBe(text)
  })

  it('stays in hours up to 48 h', () => {
    expect(formatSpan(47 * hour)).toBe('47 h')
    expect(formatSpan(48 * hour)).toBe('2 d')
  })

  it('rounds what is left up', () => {
    expect(formatLeft(17_400)).toBe('18 s')
    expect(formatLeft(7 * day - 400)).toBe('7 d')
    expect(formatLeft(59_800)).toBe('1 min')
    expect(formatLeft(-1)).toBe('0 s')
  })

  it('never counts below zero', () => {
    expect(formatSpan(-3000)).toBe('0 s')
  })

  it('names the year when it is another one', () => {
    expect(formatDate(now - 400 * day, now)).toMatch(/^\d+ \w+ 2025$/)
  })

  it('groups days', () => {
    expect(formatDay(now - hour, now)).toBe('Today')
    expect(formatDay(now - day, now)).toBe('Yesterday')
    expect(formatDay(now - 2 * day, now)).toBe('Thursday')
    expect(formatDay(now - 9 * day, now)).toBe('12 Nov')
  })

  it('gives the exact time with its zone', () => {
    expect(formatExact(now)).toMatch(/^21 Nov 2026, 14:05:02 \S+$/)
  })
})

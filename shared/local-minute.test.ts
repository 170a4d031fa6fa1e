import { expect, it } from 'vitest'
import { localMinute } from './local-minute.ts'

it('tells a moment in a zone, and which that is', () => {
  const at = Date.UTC(2026, 10, 22, 23, 6)
  expect(localMinute(at, 'UTC')).toBe('2026-11-22 23:06 UTC')
  expect(localMinute(at, 'Europe/Berlin')).toBe('2026-11-23 00:06 CET')
  expect(localMinute(at)).toMatch(/^2026-11-2\d \d\d:\d\d \S+$/)
})

import { expect, test } from 'vitest'
import { createClock } from './index.ts'

const clock = createClock()

test('sleeps as long as it was told', async () => {
  const before = clock.now()
  await clock.sleep(30)
  expect(clock.now() - before).toBeGreaterThanOrEqual(28)
})

test('a sleep ends with the reason of its signal', async () => {
  const reason = new Error('enough')
  await expect(clock.sleep(60_000, AbortSignal.abort(reason))).rejects.toBe(reason)
  const later = new AbortController()
  setTimeout(() => later.abort(reason), 10)
  await expect(clock.sleep(60_000, later.signal)).rejects.toBe(reason)
})

import { expect, it } from 'vitest'
import { createClockWatch } from './clock-watch.ts'

const hour = 3_600_000

function clocks() {
  let wall = 1_700_000_000_000
  let real = 5
  const watch = createClockWatch({ now: () => wall }, () => real)
  return {
    watch,
    pass: (ms: number) => {
      wall += ms
      real += ms
    },
    set: (ms: number) => {
      wall += ms
    },
  }
}

const year = 365 * 24 * hour

it.each([-hour, hour, -year, year])('a clock set by %d ms is doubted for an hour', (ms) => {
  const { watch, pass, set } = clocks()
  pass(hour)
  expect(watch.jumped()).toBe(false)
  set(ms)
  expect(watch.jumped()).toBe(true)
  pass(hour - 1)
  expect(watch.jumped()).toBe(true)
  pass(1)
  expect(watch.jumped()).toBe(false)
})

it('sleep is no jump, and small corrections are none', () => {
  const { watch, pass, set } = clocks()
  set(8 * hour)
  watch.look()
  watch.woke()
  expect(watch.jumped()).toBe(false)
  set(-500)
  pass(1000)
  expect(watch.jumped()).toBe(false)
})

it('sleep does not hide that the clock was set back', () => {
  const { watch, set } = clocks()
  set(-hour)
  watch.woke()
  expect(watch.jumped()).toBe(true)
})

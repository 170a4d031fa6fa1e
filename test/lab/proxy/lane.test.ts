import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createLane, type Lane } from './lane.ts'
import { fine, type Weather } from './weather.ts'

let weather: Weather
let arrived: string[]
let fullness: boolean[]
let lane: Lane

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  weather = fine
  arrived = []
  fullness = []
  lane = createLane({
    weather: () => weather,
    write: (data) => arrived.push(data.toString()),
    finish: () => arrived.push('end'),
    backpressure: (full) => fullness.push(full),
  })
})

afterEach(() => vi.useRealTimers())

it('passes bytes on at once in fine weather', () => {
  lane.push(Buffer.from('a'))
  lane.end()
  expect(arrived).toEqual(['a', 'end'])
})

it('delays each parcel by the same time, so that throughput stays', () => {
  weather = { ...fine, delay: 100 }
  lane.push(Buffer.from('a'))
  vi.advanceTimersByTime(60)
  lane.push(Buffer.from('b'))
  lane.end()
  vi.advanceTimersByTime(40)
  expect(arrived).toEqual(['a'])
  vi.advanceTimersByTime(60)
  expect(arrived).toEqual(['a', 'b', 'end'])
})

it('lets no more through than the rate', () => {
  weather = { ...fine, rate: 1_000 }
  lane.push(Buffer.alloc(1_500, 'x'))
  vi.advanceTimersByTime(1_000)
  const bytes = arrived.join('').length
  expect(bytes).toBeGreaterThanOrEqual(980)
  expect(bytes).toBeLessThanOrEqual(1_020)
  vi.advanceTimersByTime(600)
  expect(arrived.join('')).toHaveLength(1_500)
})

it('holds everything back while stalled, and loses nothing', () => {
  weather = { ...fine, stalled: true }
  lane.push(Buffer.from('a'))
  lane.push(Buffer.from('b'))
  vi.advanceTimersByTime(60_000)
  expect(arrived).toEqual([])
  weather = fine
  lane.wake()
  expect(arrived).toEqual(['a', 'b'])
})

it('asks the sender to wait where too much is on the way', () => {
  weather = { ...fine, stalled: true }
  lane.push(Buffer.alloc(33 * 1024 * 1024))
  expect(fullness).toEqual([true])
  weather = fine
  lane.wake()
  expect(fullness).toEqual([true, false])
})

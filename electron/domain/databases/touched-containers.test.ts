import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import type { DockerEvent } from '../ports.ts'
import { gatherTouched } from './touched-containers.ts'

const event = (action: string, containerId: string): DockerEvent => ({
  action,
  containerId,
  labels: {},
  at: 0,
})

function open() {
  const events = new PassThrough({ objectMode: true })
  return { events, touched: gatherTouched(events) }
}

it('names each container of a burst once, and each burst by itself', async () => {
  const { events, touched } = open()
  for (const action of ['die', 'stop', 'rename']) events.write(event(action, 'a'))
  events.write(event('start', 'b'))
  expect(await touched.some()).toBe(true)
  await new Promise((resolve) => setImmediate(resolve))
  expect([...touched.take()]).toEqual(['a', 'b'])
  expect([...touched.take()]).toEqual([])
  events.write(event('start', 'a'))
  expect(await touched.some()).toBe(true)
  expect([...touched.take()]).toEqual(['a'])
})

it('passes over commands that run in a container, but not over what health checks find', async () => {
  const { events, touched } = open()
  events.write(event('exec_start: pg_isready', 'a'))
  events.write(event('exec_die', 'a'))
  events.write(event('health_status: unhealthy', 'b'))
  expect(await touched.some()).toBe(true)
  expect([...touched.take()]).toEqual(['b'])
})

it('says when the events have ended, and why', async () => {
  const quiet = open()
  quiet.events.end()
  expect(await quiet.touched.some()).toBe(false)

  const cut = open()
  cut.events.write(event('die', 'a'))
  await new Promise((resolve) => setImmediate(resolve))
  cut.events.destroy(new Error('the link is gone'))
  expect(await cut.touched.some()).toBe(true)
  cut.touched.take()
  await expect(cut.touched.some()).rejects.toThrow('the link is gone')
})

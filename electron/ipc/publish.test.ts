import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { topics, type QuaysideEvent } from '../../shared/events.ts'
import { createPublisher } from './publish.ts'

/** A publisher and a clock whose tenths of a second pass when a test says so. */
function open({ send }: { send?: (event: QuaysideEvent) => void } = {}) {
  const sent: QuaysideEvent[] = []
  const errors: string[] = []
  const stop = new AbortController()
  let waiting: (() => void)[] = []
  const publish = createPublisher({
    send: (event) => {
      send?.(event)
      sent.push(event)
    },
    clock: {
      now: () => 0,
      sleep: (ms, signal) =>
        new Promise((resolve, reject) => {
          expect(ms).toBe(100)
          waiting.push(resolve)
          signal?.addEventListener('abort', () => reject(new Error('over')))
        }),
    },
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: (message) => errors.push(message),
    },
    signal: stop.signal,
  })
  return {
    publish,
    sent,
    errors,
    stop: () => stop.abort(),
    async passTenth() {
      const due = waiting
      waiting = []
      for (const wake of due) wake()
      await turn()
    },
  }
}

const changed = (topic: (typeof topics)[number]): QuaysideEvent => ({ type: 'changed', topic })
const progress = (jobId: string, bytes: number): QuaysideEvent => ({
  type: 'job-progress',
  progress: {
    jobId: jobId as never,
    step: 'pull-image',
    bytes,
    totalBytes: 1_000,
    bytesPerSecond: null,
    text: null,
  },
})
const one = '0d5d3c7f-6d0c-4f0e-9a55-7f3f4c1e4b11'
const other = '1d5d3c7f-6d0c-4f0e-9a55-7f3f4c1e4b11'

it('sends the first news at once, and of the rest one each tenth of a second', async () => {
  const { publish, sent, passTenth } = open()
  for (let count = 0; count < 50; count += 1) publish(changed('jobs'))
  expect(sent).toHaveLength(1)
  await passTenth()
  expect(sent).toHaveLength(2)
  await passTenth()
  expect(sent).toHaveLength(2)
  publish(changed('jobs'))
  expect(sent).toHaveLength(3)
})

it('never loses the last one', async () => {
  const { publish, sent, passTenth } = open()
  for (let bytes = 0; bytes <= 500; bytes += 1) publish(progress(one, bytes))
  await passTenth()
  expect(sent).toEqual([progress(one, 0), progress(one, 500)])
})

it('lets no topic and no job wait for another', () => {
  const { publish, sent } = open()
  const all = [...topics.map(changed), progress(one, 1), progress(other, 1)]
  for (const event of all) publish(event)
  expect(sent).toEqual(all)
})

it('lets no undeclared key out', () => {
  const { publish, sent, errors } = open()
  publish({ ...changed('hosts'), password: 'hunter2' } as unknown as QuaysideEvent)
  expect(sent).toEqual([])
  expect(errors).toHaveLength(1)
})

it('sends nothing once it is stopped', async () => {
  const { publish, sent, stop, passTenth } = open()
  publish(changed('hosts'))
  publish(changed('hosts'))
  stop()
  await passTenth()
  publish(changed('jobs'))
  expect(sent).toHaveLength(1)
})

it('goes on with a topic after news of it could not be sent', async () => {
  let broken = true
  const { publish, sent, passTenth } = open({
    send: () => {
      if (broken) throw new Error('the window is gone')
    },
  })
  expect(() => publish(changed('jobs'))).toThrow('the window is gone')
  broken = false
  publish(changed('jobs'))
  await passTenth()
  expect(sent).toEqual([changed('jobs')])
})

it('names everything that has changed meanwhile, and nothing where it may be anything', async () => {
  const { publish, sent, passTenth } = open()
  const news = (...ids: string[]): QuaysideEvent => ({ type: 'changed', topic: 'databases', ids })
  for (const event of [news(one), news(one), news(other), news(one)]) publish(event)
  await passTenth()
  expect(sent).toEqual([news(one), news(one, other)])
  for (const event of [news(one), changed('databases'), news(other)]) publish(event)
  await passTenth()
  expect(sent.at(-1)).toEqual(changed('databases'))
  const many = Array.from({ length: 101 }, () => crypto.randomUUID())
  for (const id of many) publish(news(id))
  await passTenth()
  expect(sent.at(-1)).toEqual(changed('databases'))
})

import { PassThrough, Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { DestinationDriver } from './destination.ts'
import { guardDriver } from './guard.ts'

// Drivers that stop in the middle, played: nobody waits for a real one as long as it takes.

const waits = { readMs: 60, writeMs: 60, callMs: 60, farewellMs: 20 }
const hangs = <T>(): Promise<T> => new Promise<T>(() => undefined)
const never = (): AbortSignal => new AbortController().signal
const driver: DestinationDriver = {
  put: hangs,
  get: hangs,
  stat: () => Promise.resolve({ bytes: 10, modifiedAt: 0 }),
  async *list() {
    await hangs()
  },
  remove: hangs,
  sweep: () => Promise.resolve(0),
  close: () => Promise.resolve(),
}
const large = () => Promise.resolve({ bytes: 10 ** 6, modifiedAt: 0 })
const stalled = { code: 'destination_unreachable' }
const open = (changes: Partial<DestinationDriver> = {}) =>
  guardDriver({ ...driver, ...changes }, {}, waits)

async function read(content: Readable): Promise<number> {
  let bytes = 0
  for await (const piece of content) bytes += (piece as Buffer).length
  return bytes
}

describe('a destination that stops answering', () => {
  it('is noticed as it takes nothing of what is put', async () => {
    const content = Readable.from([Buffer.alloc(1_000), Buffer.alloc(1_000)], { objectMode: false })
    const put = open().put('a', content, { signal: never(), exclusive: false })
    await expect(put).rejects.toMatchObject(stalled)
  })

  it('is noticed as it took all and says nothing', async () => {
    const d = open({
      put: async (_name, content) => {
        await read(content)
        return hangs()
      },
    })
    const content = Readable.from([Buffer.alloc(10)], { objectMode: false })
    await expect(d.put('a', content, { signal: never(), exclusive: false })).rejects.toMatchObject(
      stalled,
    )
  })

  it('is noticed in the middle of a read', async () => {
    const content = new PassThrough()
    content.write('half')
    const d = open({ get: () => Promise.resolve({ content, bytes: 10 }) })
    const reading = d.get('a', { signal: never() }).then(read)
    await expect(reading).rejects.toMatchObject(stalled)
    expect(content.destroyed).toBe(true)
  })

  it('is noticed as it gives a byte now and then, and not where only the reader is slow', async () => {
    const dripping = new PassThrough()
    const drip = setInterval(() => dripping.write('x'), 15)
    const d = open({
      get: () => Promise.resolve({ content: dripping, bytes: 10 ** 6 }),
      stat: large,
    })
    const reading = d.get('a', { signal: never() }).then(read)
    await expect(reading).rejects.toMatchObject({ code: 'stalled' })
    clearInterval(drip)

    const whole = () => Readable.from(Array(16).fill(Buffer.alloc(62_500)), { objectMode: false })
    const fast = open({
      get: () => Promise.resolve({ content: whole(), bytes: 10 ** 6 }),
      stat: large,
    })
    let bytes = 0
    for await (const piece of await fast.get('a', { signal: never() })) {
      bytes += (piece as Buffer).length
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(bytes).toBe(10 ** 6)
  })

  it.each([
    ['a look', () => open({ stat: hangs }).stat('a', { signal: never() })],
    ['a read’s beginning', () => open().get('a', { signal: never() })],
    ['a removal', () => open().remove('a', { signal: never() })],
    [
      'a list',
      async () => {
        const listed = open().list('', { signal: never() })
        await listed[Symbol.asyncIterator]().next()
      },
    ],
  ] as [string, () => Promise<unknown>][])('is noticed in %s', async (_what, act) => {
    await expect(act()).rejects.toMatchObject(stalled)
  })

  it('is not, where only the content waits', async () => {
    const d = open({
      put: async (_name, content) => ({ bytes: await read(content) }),
      stat: () => Promise.resolve({ bytes: 4, modifiedAt: 0 }),
    })
    const slow = new PassThrough()
    slow.write('ab')
    setTimeout(() => slow.end('cd'), 200)
    expect(await d.put('a', slow, { signal: never(), exclusive: false })).toEqual({ bytes: 4 })
  })
})

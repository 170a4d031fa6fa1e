import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Destination, Patience } from '../../electron/destinations/destination.ts'
import { all, bytesOf, chunks, never } from './destination-suite.ts'
import { startFaultProxy, type Fault, type Rule } from './fault-proxy.ts'
import type { TestServer } from './servers/server-worker.ts'

/** How a kind's protocol looks to a proxy. */
export interface Wire {
  /** The request that makes a small object, and that which makes one of several parts. */
  put: Pick<Rule, 'method' | 'url'>
  complete: Pick<Rule, 'method' | 'url'>
  part: Pick<Rule, 'method' | 'url'>
  /** That which reads content. */
  read: Pick<Rule, 'method' | 'url'>
  list: Pick<Rule, 'method' | 'url'>
  /** Answers in the protocol's own words. */
  denied: Fault
  expired: Fault
  taken: Fault
  broken: Fault
  /** Asks to be left alone for a while. */
  busy: Fault
}

const small = () => randomBytes(100_000)
const large = () => randomBytes(12 * 1024 * 1024)

/** What may happen between a destination and this computer, over a proxy in front of a real server. */
export function describeFaults(
  kind: string,
  options: {
    start(): Promise<TestServer>
    open(endpoint: string, patience?: Patience): Destination
    wire: Wire
  },
): void {
  const { wire } = options
  describe(`a destination of the kind ${kind} over a bad line`, () => {
    let server: TestServer
    let proxy: Awaited<ReturnType<typeof startFaultProxy>>
    let d: Destination
    beforeAll(async () => {
      server = await options.start()
      proxy = await startFaultProxy(server.endpoint)
      d = options.open(proxy.endpoint)
    })
    beforeEach(() => proxy.set([]))
    afterAll(async () => {
      await d.close()
      proxy.stop()
      await server.stop()
    })
    const put = (content: Buffer, exclusive = false) =>
      d.put('fault.dump', chunks(content), { signal: never(), exclusive })
    const nothingStays = async () => {
      proxy.set([])
      expect(await server.everything()).toEqual([])
    }

    it.each([
      ['refused', { kind: 'refuse' } as const, 'destination_unreachable'],
      ['denied', wire.denied, 'destination_denied'],
      ['answered by an error', wire.broken, 'destination_failed'],
      ['put off', wire.busy, 'destination_unreachable'],
    ])('fails a put that is %s, and leaves nothing', async (_what, fault, code) => {
      proxy.set([{ ...wire.put, fault }])
      await expect(put(small())).rejects.toMatchObject({ code })
      await nothingStays()
    })

    it.each([
      ['refused', { kind: 'refuse' } as const, 'destination_unreachable'],
      ['denied', wire.denied, 'destination_denied'],
    ])('fails a put with a part that is %s, and leaves nothing', async (_what, fault, code) => {
      proxy.set([{ ...wire.part, fault }])
      await expect(put(large())).rejects.toMatchObject({ code })
      await nothingStays()
    })

    it.each([
      ['whose line broke', { kind: 'refuse' } as const],
      ['that was put off', wire.busy],
    ])('sends a part again %s', async (_what, fault) => {
      const content = large()
      proxy.set([{ ...wire.part, fault, times: 1 }])
      expect(await put(content)).toEqual({ bytes: content.length })
      expect((await bytesOf(await d.get('fault.dump', { signal: never() }))).equals(content)).toBe(
        true,
      )
      await d.remove('fault.dump', { signal: never() })
      await nothingStays()
    })

    it.each([
      ['a small one', wire.put, small],
      ['one of several parts', wire.complete, large],
    ])('is not misled by an answer that is lost once, of %s', async (_what, at, content) => {
      proxy.set([{ ...at, fault: { kind: 'lose' }, times: 1 }])
      const made = content()
      expect(await put(made, true)).toEqual({ bytes: made.length })
      await d.remove('fault.dump', { signal: never() })
      await nothingStays()
    })

    it.each([
      ['less of a small one', wire.put, small, 'store-less' as const],
      ['less of a part', wire.part, large, 'store-less' as const],
      ['something else of a small one', wire.put, small, 'store-other' as const],
      ['something else of a part', wire.part, large, 'store-other' as const],
    ])('fails where %s is stored than was sent', async (_what, at, content, lie) => {
      proxy.set([{ ...at, fault: { kind: lie } }])
      await expect(put(content())).rejects.toThrow()
      await nothingStays()
    })

    it('passes on that a name is taken', async () => {
      proxy.set([{ ...wire.put, fault: wire.taken }])
      await expect(put(small(), true)).rejects.toMatchObject({ code: 'name_taken' })
      await nothingStays()
    })

    it('ends at once when it is cancelled in the middle of a stall', async () => {
      proxy.set([{ ...wire.put, fault: { kind: 'stall' } }])
      const cancel = new AbortController()
      const putting = d.put('fault.dump', chunks(small()), {
        signal: cancel.signal,
        exclusive: false,
      })
      await sleep(200)
      const began = performance.now()
      cancel.abort()
      await expect(putting).rejects.toMatchObject({ name: 'AbortError' })
      expect(performance.now() - began).toBeLessThan(2_000)
      await nothingStays()
    })

    it('tells a byte a second as too slow, whichever way it goes, and leaves nothing', async () => {
      const waits = { readMs: 1_400, writeMs: 1_500, callMs: 5_000, farewellMs: 2_000 }
      const hasty = options.open(proxy.endpoint, waits)
      try {
        await put(small())
        proxy.set([{ ...wire.read, fault: { kind: 'crawl' } }])
        const reading = hasty.get('fault.dump', { signal: never() }).then(bytesOf)
        await expect(reading).rejects.toMatchObject({
          code: 'stalled',
          message: expect.stringContaining('too slow') as string,
        })
        proxy.set([])
        await d.remove('fault.dump', { signal: never() })

        proxy.set([{ ...wire.part, fault: { kind: 'crawl' } }])
        const writing = hasty.put('fault.dump', chunks(large()), {
          signal: never(),
          exclusive: false,
        })
        await expect(writing).rejects.toMatchObject({ code: 'destination_unreachable' })
        await nothingStays()
      } finally {
        await hasty.close()
      }
    }, 20_000)

    it('ends at once when it is cancelled at a byte a second, whichever way it goes', async () => {
      const ends = async (act: (signal: AbortSignal) => Promise<unknown>) => {
        const cancel = new AbortController()
        const acting = act(cancel.signal)
        setTimeout(() => cancel.abort(), 300)
        const began = performance.now()
        await expect(acting).rejects.toMatchObject({ name: 'AbortError' })
        expect(performance.now() - began).toBeLessThan(2_300)
      }
      await put(small())
      proxy.set([{ ...wire.read, fault: { kind: 'crawl' } }])
      await ends(async (signal) => bytesOf(await d.get('fault.dump', { signal })))
      proxy.set([])
      await d.remove('fault.dump', { signal: never() })
      proxy.set([{ ...wire.part, fault: { kind: 'crawl' } }])
      await ends((signal) => d.put('fault.dump', chunks(large()), { signal, exclusive: false }))
      await nothingStays()
    })

    it('tells credentials that expire amid an upload; with new ones nothing of it stays', async () => {
      const content = large()
      const expire = (): void =>
        proxy.set(
          ['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].map((method) => ({
            method,
            fault: wire.expired,
          })),
        )
      const halfWay = Readable.from(
        (async function* () {
          yield* chunks(content.subarray(0, content.length - 1_000))
          // The first parts are on their way by then, or there.
          await sleep(300)
          expire()
          yield content.subarray(content.length - 1_000)
        })(),
        { objectMode: false },
      )
      const putting = d.put('fault.dump', halfWay, { signal: never(), exclusive: false })
      await expect(putting).rejects.toMatchObject({
        code: 'destination_denied',
        message: expect.stringContaining('expired') as string,
      })
      // Not even what was begun could be taken back; whoever tries again does.
      proxy.set([])
      const renewed = options.open(proxy.endpoint)
      try {
        await renewed.sweep({ signal: never(), olderThanMs: 0, prefix: 'fault.' })
        await nothingStays()
        const again = { signal: never(), exclusive: true }
        expect(await renewed.put('fault.dump', chunks(content), again)).toEqual({
          bytes: content.length,
        })
        await renewed.remove('fault.dump', { signal: never() })
        await nothingStays()
      } finally {
        await renewed.close()
      }
    })

    it.each([
      ['cut', { kind: 'cut', after: 50_000 } as const],
      ['short, and said to be whole', { kind: 'shorten', to: 50_000 } as const],
    ])('never ends a read well that is %s', async (_what, fault) => {
      await put(small())
      proxy.set([{ ...wire.read, fault }])
      const reading = d.get('fault.dump', { signal: never() }).then(bytesOf)
      await expect(reading).rejects.toMatchObject({
        code: expect.stringMatching(/^destination_(?:failed|unreachable)$/) as string,
      })
      proxy.set([])
      await d.remove('fault.dump', { signal: never() })
    })

    it('gives no list that has lost a page', async () => {
      proxy.set([{ ...wire.list, fault: wire.broken }])
      await expect(all(d, '')).rejects.toMatchObject({ code: 'destination_failed' })
      proxy.set([{ ...wire.list, fault: wire.denied }])
      await expect(all(d, '')).rejects.toMatchObject({ code: 'destination_denied' })
    })
  })
}

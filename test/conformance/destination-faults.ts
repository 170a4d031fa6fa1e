import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Destination } from '../../electron/destinations/destination.ts'
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
  taken: Fault
  broken: Fault
}

const small = () => randomBytes(100_000)
const large = () => randomBytes(12 * 1024 * 1024)

/** What may happen between a destination and this computer, over a proxy in front of a real server. */
export function describeFaults(
  kind: string,
  options: {
    start(): Promise<TestServer>
    open(endpoint: string): Destination
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

    it('sends a part again whose line broke', async () => {
      const content = large()
      proxy.set([{ ...wire.part, fault: { kind: 'refuse' }, times: 1 }])
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

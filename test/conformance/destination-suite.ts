import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Destination, StoredObject } from '../../electron/destinations/destination.ts'
import { QuaysideError } from '../../shared/errors.ts'

/** A real place of one kind, for the time of a suite. */
export interface Subject {
  destination: Destination
  /**
   * Leaves what a put of that name leaves whose program was killed in it: a part, an upload begun. Null
   * where nothing of that can be told apart from nothing.
   */
  leaveUnfinished: ((name: string) => Promise<void>) | null
  /** Everything that lies there in truth: objects, part files, uploads begun and not completed. */
  everything(): Promise<string[]>
  stop(): Promise<void>
}

export interface SuiteOptions {
  /** More than the largest part of the kind, so that several are sent. */
  severalParts: number
  /** How much a put may hold in memory, bytes. */
  memory: number
  /** What this kind alone has to keep to; runs while its server does. */
  more?: () => void
}

const MiB = 1024 * 1024
export const never = (): AbortSignal => new AbortController().signal

/** What every kind of destination has to keep to, whatever stands behind it. */
export function describeDestination(
  kind: string,
  start: () => Promise<Subject>,
  { severalParts, memory, more }: SuiteOptions,
): void {
  describe(`a destination of the kind ${kind}`, () => {
    let subject: Subject
    let d: Destination
    beforeAll(async () => {
      subject = await start()
      d = subject.destination
    })
    afterAll(() => subject.stop())
    const put = (name: string, content: Readable, exclusive = false) =>
      d.put(name, content, { signal: never(), exclusive })
    const read = async (name: string, from?: number) =>
      bytesOf(await d.get(name, { signal: never(), from }))
    const names = async (prefix: string) => (await all(d, prefix)).map(({ name }) => name).sort()

    it.each([
      ['nothing', 0],
      ['one byte', 1],
      ['one chunk and a bit', 64 * 1024 + 1],
      ['several parts', severalParts],
    ])('gives back what was put: %s', async (_what, size) => {
      const content = randomBytes(size)
      expect(await put('a/content.dump', chunks(content))).toEqual({ bytes: size })
      expect(await d.stat('a/content.dump', { signal: never() })).toMatchObject({ bytes: size })
      expect((await read('a/content.dump')).equals(content)).toBe(true)
      await d.remove('a/content.dump', { signal: never() })
    })

    it('reads from a byte on, also from the end', async () => {
      const content = randomBytes(300_000)
      await put('ranges.dump', chunks(content))
      expect((await read('ranges.dump', 123_456)).equals(content.subarray(123_456))).toBe(true)
      expect(await read('ranges.dump', content.length)).toHaveLength(0)
      await d.remove('ranges.dump', { signal: never() })
    })

    it('says what is there and what is not', async () => {
      const began = Date.now()
      expect(await d.stat('none.dump', { signal: never() })).toBeNull()
      await expect(read('none.dump')).rejects.toMatchObject({ code: 'not_found' })
      await d.remove('none.dump', { signal: never() })
      await put('some.dump', chunks(Buffer.from('some')))
      const facts = await d.stat('some.dump', { signal: never() })
      expect(facts?.bytes).toBe(4)
      expect(Math.abs((facts?.modifiedAt ?? 0) - began)).toBeLessThan(60_000)
      await d.remove('some.dump', { signal: never() })
      await d.remove('some.dump', { signal: never() })
      expect(await d.stat('some.dump', { signal: never() })).toBeNull()
    })

    it('lists all of a prefix, over many pages', async () => {
      const made = Array.from(
        { length: 11 },
        (_, n) => `list/one/${String(n).padStart(2, '0')}.dump`,
      )
      for (const name of [...made, 'list/two/x.dump', 'listed.dump'])
        await put(name, chunks(Buffer.from(name)))
      expect(await names('list/one/')).toEqual(made)
      expect(await names('list/one/0')).toEqual(made.slice(0, 10))
      expect(await names('list/none/')).toEqual([])
      expect(await names('')).toEqual([...made, 'list/two/x.dump', 'listed.dump'].sort())
      const [first] = await all(d, 'list/two/')
      expect(first).toMatchObject({ name: 'list/two/x.dump', bytes: 15 })
      for (const name of await names('list')) await d.remove(name, { signal: never() })
      expect(await names('')).toEqual([])
    })

    it('replaces what is there, but not for an exclusive put', async () => {
      await put('a/manifest.json', chunks(Buffer.from('first')))
      await expect(put('a/manifest.json', chunks(Buffer.from('2nd')), true)).rejects.toMatchObject({
        code: 'name_taken',
      })
      expect((await read('a/manifest.json')).toString()).toBe('first')
      await put('a/manifest.json', chunks(Buffer.from('third')))
      expect((await read('a/manifest.json')).toString()).toBe('third')
      await d.remove('a/manifest.json', { signal: never() })
      await put('a/manifest.json', chunks(Buffer.from('fourth')), true)
      await d.remove('a/manifest.json', { signal: never() })
    })

    it('lets one of two exclusive puts of a name through', async () => {
      const both = ['left', 'right']
      const ends = await Promise.allSettled(
        both.map((text) => put('race.json', chunks(Buffer.from(text)), true)),
      )
      const won = ends.findIndex(({ status }) => status === 'fulfilled')
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect(ends[1 - won]).toMatchObject({ reason: { code: 'name_taken' } })
      expect((await read('race.json')).toString()).toBe(both[won])
      await d.remove('race.json', { signal: never() })
    })

    it.each([
      ['before its first byte', 0],
      ['in its first part', 70_000],
      ['after several parts', severalParts],
    ])('leaves nothing of content that fails %s', async (_when, size) => {
      const gate = new QuaysideError('backup_failed', 'The dump is not whole.')
      await expect(put('gate/new.dump', failing(size, gate))).rejects.toBe(gate)
      expect(await subject.everything()).toEqual([])
    })

    it('leaves what was there when content fails that was to replace it', async () => {
      await put('gate/old.dump', chunks(Buffer.from('old')))
      const gate = new QuaysideError('backup_failed', 'The dump is not whole.')
      await expect(put('gate/old.dump', failing(severalParts, gate))).rejects.toBe(gate)
      expect((await read('gate/old.dump')).toString()).toBe('old')
      await d.remove('gate/old.dump', { signal: never() })
      expect(await subject.everything()).toEqual([])
    })

    it('leaves nothing of content that is destroyed without a word', async () => {
      const content = slowly(64)
      setTimeout(() => content.destroy(), 30)
      await expect(put('cut.dump', content)).rejects.toThrow()
      expect(await subject.everything()).toEqual([])
    })

    it('is rid of what killed puts have left, of the wanted names alone', async () => {
      if (subject.leaveUnfinished === null) {
        return expect(await d.sweep({ signal: never(), olderThanMs: 0 })).toBe(0)
      }
      for (const name of ['kill/a-1.dump', 'kill/a-1.roles.json', 'kill/a-2.dump'])
        await subject.leaveUnfinished(name)
      await put('kill/a-1.manifest.json', chunks(Buffer.from('whole')))
      const sweep = (olderThanMs: number, prefix?: string) =>
        d.sweep({ signal: never(), olderThanMs, prefix })
      // What is young may still be under way.
      expect(await sweep(60_000)).toBe(0)
      expect(await sweep(60_000, 'kill/a-1.')).toBe(0)
      expect(await sweep(0, 'kill/a-1.')).toBe(2)
      expect(await sweep(0, 'kill/a-1.')).toBe(0)
      expect(await sweep(0, 'none/a-1.')).toBe(0)
      expect(await sweep(0)).toBe(1)
      expect((await read('kill/a-1.manifest.json')).toString()).toBe('whole')
      await d.remove('kill/a-1.manifest.json', { signal: never() })
      expect(await subject.everything()).toEqual([])
    })

    it('ends a put at once when it is cancelled, and leaves nothing', async () => {
      const cancel = new AbortController()
      const content = slowly(10 * MiB)
      const putting = d.put('a/cancelled.dump', content, {
        signal: cancel.signal,
        exclusive: false,
      })
      await sleep(150)
      const reason = new DOMException('Cancelled.', 'AbortError')
      const began = performance.now()
      cancel.abort(reason)
      await expect(putting).rejects.toBe(reason)
      expect(performance.now() - began).toBeLessThan(2_000)
      expect(content.destroyed).toBe(true)
      expect(await subject.everything()).toEqual([])
    })

    it('does nothing under a signal that has ended already', async () => {
      const signal = AbortSignal.abort()
      const put = d.put('a/late.dump', chunks(Buffer.from('x')), { signal, exclusive: false })
      await expect(put).rejects.toMatchObject({ name: 'AbortError' })
      await expect(d.stat('a/late.dump', { signal })).rejects.toMatchObject({ name: 'AbortError' })
      expect(await subject.everything()).toEqual([])
    })

    it('ends a read when it is cancelled', async () => {
      await put('long.dump', chunks(randomBytes(severalParts)))
      const cancel = new AbortController()
      const content = await d.get('long.dump', { signal: cancel.signal })
      const reading = (async () => {
        while ((await content.iterator().next()).done !== true) cancel.abort()
      })()
      await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
      await d.remove('long.dump', { signal: never() })
    })

    it.each([
      '../a',
      '/a',
      'a//b',
      'a/../b',
      '.a',
      'a/.b',
      'a\0b',
      '',
      'a b',
      `${'a'.repeat(513)}`,
    ])('refuses the name %j', async (name) => {
      const refused = { code: 'invalid_input' }
      const content = chunks(Buffer.from('x'))
      await expect(put(name, content)).rejects.toMatchObject(refused)
      await expect(d.get(name, { signal: never() })).rejects.toMatchObject(refused)
      await expect(d.remove(name, { signal: never() })).rejects.toMatchObject(refused)
      content.destroy()
    })

    it('holds little of what passes, and waits for a slow end', async () => {
      const size = 4 * severalParts
      const before = held()
      let peak = 0
      let passed = 0
      const look = (): void => {
        passed += 1
        if (passed % 200 === 0) peak = Math.max(peak, held())
      }
      await put('big.dump', generated(size, look))
      let got = 0
      for await (const chunk of (await d.get('big.dump', {
        signal: never(),
      })) as AsyncIterable<Buffer>) {
        got += chunk.length
        look()
      }
      expect(got).toBe(size)
      expect(peak - before).toBeLessThan(memory)
      await d.remove('big.dump', { signal: never() })
      expect(await subject.everything()).toEqual([])
    })

    more?.()
  })
}

/** Everything below a prefix. */
export async function all(d: Destination, prefix: string): Promise<StoredObject[]> {
  const found: StoredObject[] = []
  for await (const each of d.list(prefix, { signal: never() })) found.push(each)
  return found
}

export async function bytesOf(content: Readable): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const chunk of content as AsyncIterable<Buffer>) parts.push(chunk)
  return Buffer.concat(parts)
}

/** Content in the pieces a pipeline gives. */
export function chunks(content: Buffer, size = 64 * 1024): Readable {
  return Readable.from(
    (function* () {
      for (let from = 0; from < content.length; from += size)
        yield content.subarray(from, from + size)
    })(),
    { objectMode: false },
  )
}

/** Content that fails where it would end, as a gate does. */
export function failing(size: number, error: Error): Readable {
  return Readable.from(
    (function* () {
      yield* pieces(size)
      throw error
    })(),
    { objectMode: false },
  )
}

function generated(size: number, onPiece: () => void): Readable {
  return Readable.from(
    (function* () {
      for (const piece of pieces(size)) {
        onPiece()
        yield piece
      }
    })(),
    { objectMode: false },
  )
}

function* pieces(size: number): Generator<Buffer> {
  for (let left = size; left > 0; left -= 64 * 1024)
    yield Buffer.alloc(Math.min(left, 64 * 1024), 7)
}

/** A MiB every 5 ms. */
function slowly(count: number): Readable {
  return Readable.from(
    (async function* () {
      for (let n = 0; n < count; n += 1) {
        await sleep(5)
        yield Buffer.alloc(MiB, 3)
      }
    })(),
    { objectMode: false },
  )
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** Bytes in use inside the JavaScript heap, and outside it, where content is. */
function held(): number {
  // What lies outside is given back by a sweep beside the program, which the next collection waits for.
  collect()
  collect()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/**
 * What a kind with a limit to the number of parts keeps to, beside the suite.
 * @param d may send two parts, of `part` bytes where they are alike
 */
export async function expectGrowingParts(d: Destination, part: number): Promise<void> {
  const bytes = Math.round(2.4 * part)
  const put = (expectedBytes?: number) =>
    d.put('a/large.dump', chunks(randomBytes(bytes)), {
      signal: never(),
      exclusive: false,
      expectedBytes,
    })
  for (const expected of [undefined, bytes]) {
    expect(await put(expected)).toEqual({ bytes })
    await d.remove('a/large.dump', { signal: never() })
  }
}

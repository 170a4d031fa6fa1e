import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createByteQueue } from './byte-queue.ts'

it('gives what it got, in any pieces', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 20 })),
      fc.array(fc.nat(30)),
      (pieces, takes) => {
        const queue = createByteQueue()
        for (const piece of pieces) queue.push(piece)
        const given: number[] = []
        for (const wanted of [...takes, Infinity]) {
          const count = Math.min(wanted, queue.size)
          const seen = [...queue.peek(count)]
          expect([...queue.take(count)]).toEqual(seen)
          given.push(...seen)
        }
        expect(given).toEqual(pieces.flatMap((piece) => [...piece]))
        expect(queue.size).toBe(0)
      },
    ),
  )
})

it('puts what came in pieces into the memory it is given, if it fits, and nothing else', () => {
  const queue = createByteQueue()
  for (const piece of [
    [1, 2],
    [3, 4],
    [5, 6, 7],
    [8, 9],
  ])
    queue.push(Uint8Array.from(piece))
  const into = new Uint8Array(3)
  const first = queue.take(3, into)
  expect([...first]).toEqual([1, 2, 3])
  expect(first.buffer).toBe(into.buffer)
  const long = queue.take(5, into)
  expect([...long]).toEqual([4, 5, 6, 7, 8])
  expect(long.buffer).not.toBe(into.buffer)
  expect([...queue.take(1, into)]).toEqual([9])
  expect([...into]).toEqual([1, 2, 3])
})

it('does not give what is not there', () => {
  const queue = createByteQueue()
  queue.push(Uint8Array.of(1, 2))
  expect(() => queue.take(3)).toThrow(RangeError)
  expect([...queue.take(2)]).toEqual([1, 2])
})

import { describe, expect, it, vi } from 'vitest'
import { createGate } from './gate.ts'

describe('gate', () => {
  it('lets so many in and the others after them, in order', async () => {
    const gate = createGate(2)
    const order: number[] = []
    const leaves = [await gate.enter(), await gate.enter()]
    const third = gate.enter().then((leave) => (order.push(3), leave))
    const fourth = gate.enter().then((leave) => (order.push(4), leave))
    expect([gate.inside, gate.waiting]).toEqual([2, 2])
    leaves[0]?.()
    leaves[0]?.() // leaving twice counts once
    await third
    expect([gate.inside, gate.waiting, order]).toEqual([2, 1, [3]])
    leaves[1]?.()
    await fourth
    expect(order).toEqual([3, 4])
  })

  it('forgets whoever gives up waiting, and tells that someone waits', async () => {
    const onWait = vi.fn()
    const gate = createGate(1, onWait)
    const leave = await gate.enter()
    const abort = new AbortController()
    const waiting = gate.enter(abort.signal)
    abort.abort(new Error('no longer'))
    await expect(waiting).rejects.toThrow('no longer')
    expect([gate.waiting, onWait.mock.calls.length]).toEqual([0, 1])
    leave()
    await gate.enter()
  })

  it('can be made narrower while it is in use', async () => {
    const gate = createGate(3)
    const leaves = [await gate.enter(), await gate.enter(), await gate.enter()]
    gate.narrow(1)
    const next = gate.enter()
    leaves[0]?.()
    leaves[1]?.()
    expect(gate.waiting).toBe(1)
    leaves[2]?.()
    await next
    expect(gate.inside).toBe(1)
  })
})

import { expect, it } from 'vitest'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import { createStatusKeeper } from './host-status.ts'

/** Goes through states, one a second; tells since when the last one is said to be. */
function sinceOf(...states: HostStatus['state'][]): number {
  let now = 0
  const keeper = createStatusKeeper({ now: () => now, sleep: () => Promise.resolve() })
  for (const state of states) {
    now += 1_000
    keeper.set({ state })
  }
  return keeper.status.since
}

it('a host that is tried in vain is lost for as long as before', () => {
  expect(sinceOf('ready', 'connecting', 'lost')).toBe(2_000)
  expect(sinceOf('ready', 'connecting', 'lost', 'connecting', 'lost', 'connecting')).toBe(2_000)
})

it('a host that was reached between is lost anew', () => {
  expect(sinceOf('ready', 'lost', 'connecting', 'ready', 'lost')).toBe(5_000)
  expect(sinceOf('lost', 'connecting', 'ready')).toBe(3_000)
})

it('a host that turns from silence to a refusal is refused since then', () => {
  expect(sinceOf('lost', 'connecting', 'refused', 'refused')).toBe(3_000)
})

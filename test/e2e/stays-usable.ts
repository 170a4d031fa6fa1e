import type { Page } from 'playwright'
import { expect } from 'vitest'

/** A window that is not held up answers about as fast as it does in a quiet moment, milliseconds. */
const tolerance = 1_000

/** How long the window let wait at most, milliseconds. */
interface Waits {
  call: number
  route: number
}

/**
 * Asks the core for something and opens another page and comes back, again and again for so long;
 * the longest wait for each. It ends on the page that is open.
 */
export async function longestWaits(page: Page, forMs: number): Promise<Waits> {
  return page.evaluate(async (forMs) => {
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const wait = async (work: () => Promise<unknown>): Promise<number> => {
      const begun = performance.now()
      await work()
      return performance.now() - begun
    }
    const title = () => document.querySelector('h1')?.textContent
    const go = async (hash: string) => {
      const before = title()
      location.hash = hash
      while (title() === before) await frame()
      await frame()
    }
    const here = location.hash
    const there = here === '#/settings' ? '#/activity' : '#/settings'
    const longest = { call: 0, route: 0 }
    const end = performance.now() + forMs
    do {
      const call = await wait(() => window.quayside.invoke('settings.get', {}))
      const route = await wait(() => go(there))
      await wait(() => go(here))
      longest.call = Math.max(longest.call, call)
      longest.route = Math.max(longest.route, route)
      await new Promise((resolve) => setTimeout(resolve, 20))
    } while (performance.now() < end)
    return longest
  }, forMs)
}

/**
 * That the window answers under a fault as it does without: compared with a quiet moment, since
 * machines differ, and a machine that is busy stays so.
 */
export async function expectUsable(page: Page, quiet: Waits, forMs = 300): Promise<void> {
  const now = await longestWaits(page, forMs)
  expect(now.call).toBeLessThan(quiet.call + tolerance)
  expect(now.route).toBeLessThan(quiet.route + tolerance)
}

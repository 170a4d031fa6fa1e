import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock } from '../../domain/ports.ts'
import { reachPort } from '../../domain/tunnels/reach-port.ts'
import { createDocker } from '../docker/index.ts'
import { createSshHost } from './host.ts'
import { silentLog } from '../../domain/silent-log.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** By the timers that a test moves; those of the real clock can’t be. */
const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const stop = () => {
        clearTimeout(timer)
        reject(new Error('The wait was given up.'))
      }
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', stop)
        resolve()
      }, ms)
      signal?.addEventListener('abort', stop, { once: true })
    }),
}

/** A host that does not answer, which shows after a second each time. */
function deadHost() {
  const tries: number[] = []
  const host = createSshHost({
    name: 'harbour',
    clock,
    log: silentLog,
    random: () => 0.999,
    dockerOver: (transport) => createDocker({ transport: { kind: 'agent', ...transport } }),
    connect: async (signal) => {
      tries.push(Date.now())
      await clock.sleep(1_000, signal)
      throw new QuaysideError('host_unreachable', 'It does not answer.')
    },
  })
  return { host, tries }
}

it('clients that knock at a tunnel do not wear a dead host out, nor does it look as if it came back', async () => {
  const { host, tries } = deadHost()
  await vi.advanceTimersByTimeAsync(5_000)
  const before = tries.length
  const states = new Set<HostStatus['state']>()
  host.onStatus(({ state }) => states.add(state))
  const end = new AbortController()
  const knock = setInterval(() => {
    reachPort({ host, clock }, 5432, end.signal).catch(() => undefined)
  }, 1_000)
  await vi.advanceTimersByTimeAsync(120_000)
  clearInterval(knock)
  end.abort(new Error('The test is over.'))
  expect([...states]).toEqual(['lost'])
  // One in eleven seconds, as each takes one; without clients it would be one a minute by now.
  expect(tries.length - before).toBeLessThanOrEqual(12)
  expect(tries.length - before).toBeGreaterThanOrEqual(10)
  await host.close()
})

it('a host that is lost for long is tried soon after a client has knocked', async () => {
  const { host, tries } = deadHost()
  await vi.advanceTimersByTimeAsync(300_000)
  while ((host.status.nextTry ?? 0) - Date.now() < 40_000) await vi.advanceTimersByTimeAsync(1_000)
  const before = tries.length
  const end = new AbortController()
  reachPort({ host, clock }, 5432, end.signal).catch(() => undefined)
  await vi.advanceTimersByTimeAsync(11_000)
  end.abort(new Error('The test is over.'))
  expect(tries.length).toBe(before + 1)
  await host.close()
})

import { expect, it, vi } from 'vitest'
import type { QuaysideEvent } from '../../shared/events.ts'
import type { Core } from '../domain/core.ts'
import type { Clock } from '../domain/ports.ts'
import { quiet } from './desktop-test-things.ts'
import { followOverview } from './overview.ts'
import { silentLog } from '../domain/silent-log.ts'

/** A core that counts what is read of it, followed on a clock whose waits are over at once. */
function rig() {
  const read: string[] = []
  const counted = <T>(name: string, value: T) => {
    return () => {
      read.push(name)
      return Promise.resolve(value)
    }
  }
  let tell: (event: QuaysideEvent) => void = () => undefined
  const core = {
    hosts: { list: counted('hosts', []) },
    databases: { list: counted('databases', []) },
    tunnels: { list: counted('tunnels', []) },
    jobs: { list: counted('jobs', []) },
    backups: { freshness: counted('freshness', []) },
    settings: { get: counted('settings', {}) },
    app: { state: counted('app', quiet) },
    onEvent: (listener: typeof tell) => {
      tell = listener
      return () => undefined
    },
  } as unknown as Core
  let now = 1_000_000
  let alarm: () => void = () => undefined
  const clock: Clock = {
    now: () => now,
    // The long waits are those for news: they end when the test lets time pass.
    sleep: (ms) => (ms < 5_000 ? Promise.resolve() : new Promise((resolve) => (alarm = resolve))),
  }
  const ended = new AbortController()
  let looks = 0
  followOverview({ core, clock, log: silentLog, signal: ended.signal }, () => {
    looks += 1
    return false
  })
  /** What is read for this. */
  const readFor = async (act: () => void): Promise<string[]> => {
    const before = looks
    read.length = 0
    act()
    await vi.waitFor(() => expect(looks).toBe(before + 1))
    return [...read].sort()
  }
  return {
    readFor,
    tell: (topic: 'hosts' | 'databases') => tell({ type: 'changed', topic }),
    pass: (ms: number) => (now += ms),
    wait: (ms: number) => {
      now += ms
      alarm()
    },
    end: () => ended.abort(),
  }
}

const all = ['app', 'databases', 'freshness', 'hosts', 'jobs', 'settings', 'tunnels']

it('what a host tells of itself alone has nothing else read, but once a minute', async () => {
  const on = rig()
  expect(await on.readFor(() => undefined)).toEqual(all)
  expect(await on.readFor(() => on.tell('hosts'))).toEqual(['hosts'])
  expect(await on.readFor(() => on.tell('databases'))).toEqual(['databases'])
  on.pass(59_000)
  expect(await on.readFor(() => on.tell('hosts'))).toEqual(['hosts'])
  // Pings never leave a minute without news: a backup that time makes late is found all the same.
  on.pass(1_000)
  expect(await on.readFor(() => on.tell('hosts'))).toEqual(all)
  on.end()
})

it('looks again after a minute in which nothing was told', async () => {
  const on = rig()
  expect(await on.readFor(() => undefined)).toEqual(all)
  expect(await on.readFor(() => on.wait(60_000))).toEqual(all)
  on.end()
})

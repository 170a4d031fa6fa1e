import { useSyncExternalStore } from 'react'
import type { QueryClient } from '@tanstack/react-query'
import { navigate } from 'wouter/use-hash-location'
import type { Bridge } from '../../shared/bridge.ts'
import type { DestinationCheck } from '../../shared/contract/destinations.ts'
import type { HostCheck } from '../../shared/contract/hosts.ts'
import type { JobProgress } from '../../shared/contract/jobs.ts'
import { eventSchema } from '../../shared/events.ts'
import { pathOf } from '../../shared/place-path.ts'
import { takeChange } from './live-changes.ts'
import { tellLog } from './live-logs.ts'
import { statsStore } from './live-stats.ts'

/** The latest value under each key, for news that no query holds. */
interface LatestStore<V> {
  get(key: string): V | undefined
  set(key: string, value: V): void
  subscribe(listener: () => void): () => void
}

/** Keeps the newest `limit` keys, so that a window left open for weeks does not grow. */
export function createLatestStore<V>(limit = 200): LatestStore<V> {
  const values = new Map<string, V>()
  const listeners = new Set<() => void>()
  return {
    get: (key) => values.get(key),
    set(key, value) {
      values.delete(key)
      values.set(key, value)
      const oldest = values.size > limit ? values.keys().next().value : undefined
      if (oldest !== undefined) values.delete(oldest)
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

const progress = createLatestStore<JobProgress>()
const checks = createLatestStore<HostCheck>()
const destinationChecks = createLatestStore<DestinationCheck>()

/** Turns the core's events into refreshed queries and live progress; returns the way to stop. */
export function startLive(bridge: Bridge, queries: QueryClient): () => void {
  return bridge.on((sent) => {
    const event = eventSchema.parse(JSON.parse(sent))
    switch (event.type) {
      case 'changed':
        void takeChange(queries, event)
        break
      case 'job-progress':
        progress.set(event.progress.jobId, event.progress)
        break
      case 'host-check':
        checks.set(event.check.checkId, event.check)
        break
      case 'destination-check':
        destinationChecks.set(event.check.checkId, event.check)
        break
      case 'stats':
        statsStore.add(event.samples)
        break
      case 'log':
        tellLog(event.news)
        break
      case 'navigate':
        navigate(pathOf(event.place))
        break
    }
  })
}

/** How far a job's running step is, as last told. */
export function useJobProgress(jobId: string | null): JobProgress | undefined {
  return useSyncExternalStore(progress.subscribe, () =>
    jobId === null ? undefined : progress.get(jobId),
  )
}

/** The steps of a host check, as last told. */
export function useHostCheck(checkId: string | null): HostCheck | undefined {
  return useSyncExternalStore(checks.subscribe, () =>
    checkId === null ? undefined : checks.get(checkId),
  )
}

/** The steps of a destination's check, as last told. */
export function useDestinationCheckNews(checkId: string | null): DestinationCheck | undefined {
  return useSyncExternalStore(destinationChecks.subscribe, () =>
    checkId === null ? undefined : destinationChecks.get(checkId),
  )
}

import { useCallback, useEffect, useSyncExternalStore } from 'react'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import { mostSamples, statsLeaseMs, type StatsSample } from '../../shared/contract/metrics.ts'
import { call } from './call.ts'
import { createStatsStore } from './stats-store.ts'

/** How closely a database is looked at. */
export type Closeness = 'close' | 'inView'

/** Looks that come and go together are told together, milliseconds. */
const gatherMs = 150
/** A row that is scrolled past within this time is not looked at, milliseconds. */
const settleMs = 150
/** As many points are enough for a small line. */
const sparkPoints = 60

/** What has been told so far; `stats` events are added to it. */
export const statsStore = createStatsStore(Date.now)

const watcher = `window-${Math.random().toString(36).slice(2)}`
const looks = new Map<DatabaseId, { close: number; inView: number }>()
const asked = new Map<DatabaseId, Closeness>()
let telling: ReturnType<typeof setTimeout> | undefined
let renewing: ReturnType<typeof setInterval> | undefined

function look(id: DatabaseId, how: Closeness): () => void {
  const own = looks.get(id) ?? { close: 0, inView: 0 }
  looks.set(id, own)
  own[how] += 1
  tellSoon()
  return () => {
    own[how] -= 1
    if (own.close + own.inView === 0) looks.delete(id)
    tellSoon()
  }
}

/** The same once the row has stood on the screen for a moment. */
function lookInView(id: DatabaseId): () => void {
  let end: (() => void) | undefined
  const timer = setTimeout(() => {
    end = look(id, 'inView')
  }, settleMs)
  return () => {
    clearTimeout(timer)
    end?.()
  }
}

function tellSoon(): void {
  telling ??= setTimeout(() => {
    telling = undefined
    tell()
  }, gatherMs)
}

/** Says what this window looks at; a hidden one looks at nothing. */
function tell(): void {
  statsStore.prune()
  const hidden = document.visibilityState === 'hidden'
  const seen = hidden ? [] : [...looks]
  const close = seen.flatMap(([id, how]) => (how.close > 0 ? [id] : []))
  const inView = seen.flatMap(([id, how]) => (how.close > 0 ? [] : [id]))
  // Without an answer the numbers stay as old as they are, and say so.
  void call('metrics.watch', { watcher, close, inView }).catch(() => undefined)
  askPast(close, 'close', mostSamples)
  askPast(inView, 'inView', sparkPoints)
  if (looks.size > 0 && renewing === undefined) {
    renewing = setInterval(tell, statsLeaseMs / 2.5)
    document.addEventListener('visibilitychange', tell)
  } else if (looks.size === 0) {
    clearInterval(renewing)
    renewing = undefined
    document.removeEventListener('visibilitychange', tell)
    asked.clear()
  }
}

/** What the core remembers from before this look began. */
function askPast(ids: readonly DatabaseId[], how: Closeness, points: number): void {
  const fresh = ids.filter((id) => asked.get(id) !== how && asked.get(id) !== 'close')
  for (const id of fresh) asked.set(id, how)
  if (fresh.length === 0) return
  call('metrics.history', { ids: fresh, points }).then(
    (histories) => {
      for (const { databaseId, samples } of histories) statsStore.fill(databaseId, samples)
    },
    () => {
      for (const id of fresh) asked.delete(id)
    },
  )
}

/** The numbers of the last minutes, and a look at them for as long as it is used. */
export function useStats(
  id: DatabaseId,
  { how, enabled }: { how: Closeness; enabled: boolean },
): readonly StatsSample[] {
  useEffect(() => {
    if (!enabled) return undefined
    return how === 'close' ? look(id, how) : lookInView(id)
  }, [id, how, enabled])
  return useOfStats(id, all)
}

/**
 * One thing of the numbers that others look at; who uses it is drawn anew only when that changes.
 * @param of a function that stays the same, and gives the same for the same samples
 */
export function useOfStats<T>(id: DatabaseId, of: (samples: readonly StatsSample[]) => T): T {
  const subscribe = useCallback((listener: () => void) => statsStore.subscribe(id, listener), [id])
  return useSyncExternalStore(subscribe, () => of(statsStore.of(id)))
}

function all(samples: readonly StatsSample[]): readonly StatsSample[] {
  return samples
}

import { useEffect, useSyncExternalStore } from 'react'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import { mostSamples, statsLeaseMs, type StatsSample } from '../../shared/contract/metrics.ts'
import { call } from './call.ts'
import { createStatsStore } from './stats-store.ts'

/** How closely a database is looked at. */
export type Closeness = 'close' | 'inView'

/** Rows that come and go while one scrolls are told together, milliseconds. */
const settleMs = 150
/** As many points are enough for a small line. */
const sparkPoints = 60

/** What has been told so far; `stats` events are added to it. */
export const statsStore = createStatsStore()

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

function tellSoon(): void {
  telling ??= setTimeout(() => {
    telling = undefined
    tell()
  }, settleMs)
}

/** Says what this window looks at; a hidden one looks at nothing. */
function tell(): void {
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
  useEffect(() => (enabled ? look(id, how) : undefined), [id, how, enabled])
  return useSyncExternalStore(
    (listener) => statsStore.subscribe(id, listener),
    () => statsStore.of(id),
  )
}

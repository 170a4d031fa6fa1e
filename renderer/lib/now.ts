import { useSyncExternalStore } from 'react'

/** One ticking clock for all ages on the screen; it stands still while nothing shows one. */
function createTicker(everyMs: number) {
  const listeners = new Set<() => void>()
  let now = Date.now()
  let timer: ReturnType<typeof setInterval> | undefined
  return {
    get: () => now,
    subscribe(listener: () => void) {
      if (listeners.size === 0) {
        now = Date.now()
        timer = setInterval(() => {
          now = Date.now()
          for (const each of listeners) each()
        }, everyMs)
      }
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
        if (listeners.size === 0) clearInterval(timer)
      }
    },
  }
}

const tickers = { second: createTicker(1000), slow: createTicker(15_000) }

/** The time now, epoch milliseconds, renewed every second or (`slow`) every 15 s. */
export function useNow(beat: 'second' | 'slow' = 'slow'): number {
  const ticker = tickers[beat]
  return useSyncExternalStore(ticker.subscribe, ticker.get)
}

/** What follows from the time now, asked every second; who uses it is drawn anew when that changes. */
export function useOfNow<T extends string | null>(of: (now: number) => T): T {
  const { subscribe, get } = tickers.second
  return useSyncExternalStore(subscribe, () => of(get()))
}

import type { Service } from '../core.ts'
import type { Clock, Log, Stores } from '../ports.ts'

const dayMs = 24 * 3_600_000
/** How often it is looked, so that each day has its sample, milliseconds. */
const lookMs = 3_600_000
/** Days that are shown, and that are kept. */
const shownDays = 30
const keptDays = 90

export interface StoredSamplesDeps {
  stores: Pick<Stores, 'storedSamples'>
  clock: Clock
  log: Log
}

/** Remembers how much lies at each destination, a number a day. */
export interface StoredSamples extends Pick<Service<'destinations'>, 'stored'> {
  /** Takes today's anew: something may have changed. */
  take(): void
  /** Takes one now and every hour. */
  follow(): void
  stop(): void
}

export function createStoredSamples({ stores, clock, log }: StoredSamplesDeps): StoredSamples {
  let timer: NodeJS.Timeout | undefined
  const today = (): number => Math.floor(clock.now() / dayMs)

  const take = (): void => {
    const day = today()
    try {
      stores.storedSamples.take({ day, at: clock.now(), oldest: day - keptDays + 1 })
    } catch (thrown) {
      // A picture lacks a point; nothing else is the worse for it.
      log.warn('how much is stored could not be noted', { reason: String(thrown) })
    }
  }

  return {
    take,
    follow() {
      if (timer !== undefined) return
      timer = setInterval(take, lookMs)
      timer.unref()
      take()
    },
    stop: () => clearInterval(timer),
    stored: async () => stores.storedSamples.since(today() - shownDays + 1),
  }
}

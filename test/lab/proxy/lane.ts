import type { Weather } from './weather.ts'

/** One direction of a connection. */
export type Lane = {
  push(data: Buffer): void
  /** The sender has said all; passed on behind what it said. */
  end(): void
  /** The weather has changed. */
  wake(): void
  close(): void
}

type LaneOptions = {
  readonly weather: () => Weather
  readonly write: (data: Buffer) => void
  readonly finish: () => void
  /** Told when there is too much on the way, and again when there is room. */
  readonly backpressure: (full: boolean) => void
}

type Parcel = { readonly data: Buffer | undefined; readonly due: number }

// So much may be under way at once: enough for a fast line with a long delay.
const capacity = 32 * 1024 * 1024
// A limited line gives its bytes out in small portions, 50 a second.
const portionsPerSecond = 50

/** Carries bytes in order: each a delay later, not more than a rate, none while stalled. */
export function createLane({ weather, write, finish, backpressure }: LaneOptions): Lane {
  let parcels: Parcel[] = []
  let waiting = 0
  let free = 0
  let full = false
  let timer: NodeJS.Timeout | undefined

  const setFull = (now: boolean) => {
    if (now === full) return
    full = now
    backpressure(now)
  }
  const enqueue = (data: Buffer | undefined) => {
    parcels.push({ data, due: performance.now() + weather().delay })
    waiting += data?.length ?? 0
    setFull(waiting > capacity)
    deliver()
  }
  const deliver = () => {
    clearTimeout(timer)
    for (;;) {
      const [next] = parcels
      if (!next || weather().stalled) return
      const wait = Math.max(next.due, free) - performance.now()
      if (wait > 0.5) {
        timer = setTimeout(deliver, wait)
        return
      }
      send(next)
    }
  }
  const send = (parcel: Parcel) => {
    parcels.shift()
    if (!parcel.data) return finish()
    const { rate } = weather()
    const most =
      rate === null ? parcel.data.length : Math.max(1, Math.floor(rate / portionsPerSecond))
    const now = parcel.data.subarray(0, most)
    if (now.length < parcel.data.length) {
      parcels.unshift({ data: parcel.data.subarray(now.length), due: parcel.due })
    }
    if (rate !== null) free = Math.max(free, performance.now()) + (now.length / rate) * 1000
    waiting -= now.length
    write(now)
    setFull(waiting > capacity)
  }

  return {
    push: enqueue,
    end: () => enqueue(undefined),
    wake() {
      free = 0
      deliver()
    },
    close() {
      clearTimeout(timer)
      parcels = []
    },
  }
}

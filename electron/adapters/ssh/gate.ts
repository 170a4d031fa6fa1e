/** Lets a number of holders in at a time; the others wait in order. */
export interface Gate {
  /** Resolves with the way to leave. Rejects with the signal's reason. */
  enter(signal?: AbortSignal): Promise<() => void>
  /** Those inside. */
  readonly inside: number
  /** Those waiting. */
  readonly waiting: number
  /** From now on lets this many in. */
  narrow(width: number): void
}

/** @param onWait called when someone has to wait, so that an idle holder can be asked to leave */
export function createGate(width: number, onWait?: () => void): Gate {
  let inside = 0
  const queue: (() => void)[] = []

  const next = () => {
    while (inside < width) {
      const first = queue.shift()
      if (first === undefined) return
      first()
    }
  }
  const leaveOnce = () => {
    let left = false
    return () => {
      if (left) return
      left = true
      inside -= 1
      next()
    }
  }

  return {
    enter(signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const enter = () => {
          signal?.removeEventListener('abort', giveUp)
          inside += 1
          resolve(leaveOnce())
        }
        const giveUp = () => {
          queue.splice(queue.indexOf(enter), 1)
          reject(signal?.reason)
        }
        if (inside < width && queue.length === 0) return enter()
        signal?.addEventListener('abort', giveUp, { once: true })
        queue.push(enter)
        onWait?.()
      })
    },
    get inside() {
      return inside
    },
    get waiting() {
      return queue.length
    },
    narrow(to) {
      width = Math.max(1, to)
      next()
    },
  }
}

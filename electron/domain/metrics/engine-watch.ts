import type { EngineSession, EngineStats } from '../../engines/engine.ts'
import type { EngineReading } from './rates.ts'

/** What an engine last told; both readings are of the same session, so of the same server's life. */
export interface EngineNews {
  before: EngineReading | null
  after: EngineReading
  stats: EngineStats
}

/** One session to a database, kept as long as someone looks at it. */
export interface EngineWatch {
  /** Asks anew; null when nothing came in time, or the engine can't be reached. */
  ask(waitMs: number): Promise<EngineNews | null>
  close(): void
}

/** Size and limits change slowly, and reading them costs the server more, milliseconds. */
const statsEveryMs = 30_000
/** After a failure, so that a server in trouble is not pressed, milliseconds. */
const restMs = 4_000
const loginMs = 10_000

/** @param open logs in; the watch closes what it opened */
export function createEngineWatch(
  open: (signal: AbortSignal) => Promise<EngineSession>,
): EngineWatch {
  const life = new AbortController()
  let session: EngineSession | null = null
  let news: EngineNews | null = null
  let statsAt = -Infinity
  let restUntil = 0
  let asking: Promise<EngineNews | null> | null = null

  /** A function, as the compiler would think that nothing changes while one waits. */
  const isOver = (): boolean => life.signal.aborted

  const drop = (): void => {
    const old = session
    session = null
    news = null
    // A goodbye to a server that is gone fails, and changes nothing.
    void old?.close().catch(() => undefined)
  }

  const askOnce = async (): Promise<EngineNews | null> => {
    if (isOver() || performance.now() < restUntil) return null
    try {
      session ??= await open(AbortSignal.any([life.signal, AbortSignal.timeout(loginMs)]))
      const due = news === null || performance.now() - statsAt > statsEveryMs
      if (due) statsAt = performance.now()
      const stats = news === null || due ? await session.stats() : news.stats
      const activity = await session.activity()
      const after = { ...activity, clock: performance.now() / 1000 }
      if (isOver()) return null
      news = { before: news?.after ?? null, after, stats }
      return news
    } catch {
      // Unknown is the answer; the database's own state tells why.
      restUntil = performance.now() + restMs
      drop()
      return null
    } finally {
      if (isOver()) drop()
    }
  }

  return {
    ask: async (waitMs) => {
      asking ??= askOnce().finally(() => (asking = null))
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<null>((resolve) => (timer = setTimeout(() => resolve(null), waitMs)))
      try {
        return await Promise.race([asking, late])
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => {
      life.abort()
      // One that is being asked is dropped when the answer is there.
      if (asking === null) drop()
    },
  }
}

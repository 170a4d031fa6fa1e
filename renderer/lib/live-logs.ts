import type { LogNews } from '../../shared/contract/logs.ts'

const listeners = new Map<string, (news: LogNews) => void>()

/** Hands the news of a log to whoever follows it. */
export function tellLog(news: LogNews): void {
  listeners.get(news.follower)?.(news)
}

/** Calls back with the news for this follower; returns the way to stop. */
export function onLog(follower: string, listener: (news: LogNews) => void): () => void {
  listeners.set(follower, listener)
  return () => listeners.delete(follower)
}

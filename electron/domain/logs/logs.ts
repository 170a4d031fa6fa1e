import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { stampOf } from '../../../shared/stamp.ts'
import type { Service } from '../core.ts'
import { databaseOf } from '../databases/database-of.ts'
import { requireContainer } from '../databases/server.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import {
  secretKeys,
  type Clock,
  type DatabaseRecord,
  type FileSaver,
  type Log,
  type Publish,
  type Secrets,
  type Stores,
} from '../ports.ts'
import { followLog } from './follow-log.ts'
import { readLine, writeLine } from './log-text.ts'

/** Between two words about how far a download is, milliseconds. */
const tellEveryMs = 250

export interface Logs extends Service<'logs'> {
  stop(): void
}

/** What databases' containers write, live and as a file. */
export function createLogs(deps: {
  stores: Stores
  secrets: Secrets
  registry: HostRegistry
  clock: Clock
  publish: Publish
  log: Log
  /** Takes every secret out that was read by now. */
  redact: (text: string) => string
  files: FileSaver | null
}): Logs {
  const { stores, secrets, registry, clock, publish, log, redact, files } = deps
  const followers = new Map<string, AbortController>()
  const life = new AbortController()

  const get = (id: DatabaseId): DatabaseRecord => databaseOf(stores, id)

  /** A password that was read is known to the redactor; without a keychain there is none to print. */
  const learnPassword = async (id: DatabaseId): Promise<void> => {
    try {
      await secrets.get(secretKeys.databasePassword(id))
    } catch (thrown) {
      log.warn('a log is read without its database’s password known', { reason: String(thrown) })
    }
  }

  async function* whole(record: DatabaseRecord, signal: AbortSignal, onLine: () => void) {
    const host = await registry.ready(record.hostId, signal)
    const hostName = registry.record(record.hostId).name
    const { id } = await requireContainer(host.docker(), record, hostName, signal)
    const options = { follow: false, tail: null, since: null, signal }
    for await (const lines of host.docker().followLogs(id, options)) {
      let piece = ''
      for (const line of lines) {
        piece += writeLine(readLine(line, redact))
        onLine()
      }
      yield piece
    }
    signal.throwIfAborted()
  }

  return {
    follow: async ({ databaseId, follower, follow, tail, since }, options) => {
      get(databaseId)
      const own = new AbortController()
      followers.get(follower)?.abort()
      followers.set(follower, own)
      const signals = [own.signal, life.signal, ...(options?.signal ? [options.signal] : [])]
      const signal = AbortSignal.any(signals)
      try {
        await learnPassword(databaseId)
        const lines = await followLog(
          {
            registry,
            clock,
            redact,
            record: () => get(databaseId),
            tell: (news) => {
              if (!signal.aborted) publish({ type: 'log', news: { follower, ...news } })
            },
          },
          { follow, tail, since, signal },
        )
        return { lines }
      } finally {
        // Nothing is told once the end is: news would make a log look open that could not be read.
        own.abort()
        if (followers.get(follower) === own) followers.delete(follower)
      }
    },

    unfollow: async ({ follower }) => {
      followers.get(follower)?.abort()
      return {}
    },

    download: async ({ databaseId, follower }, options) => {
      if (files === null) {
        throw new QuaysideError('invalid_input', 'This face of Quayside can’t ask for a place.', {
          hint: 'Print the log: quayside db logs.',
        })
      }
      const record = get(databaseId)
      await learnPassword(databaseId)
      const own = new AbortController()
      if (follower !== undefined) followers.set(follower, own)
      const signals = [own.signal, life.signal, ...(options?.signal ? [options.signal] : [])]
      const signal = AbortSignal.any(signals)
      let lines = 0
      let toldAt = clock.now()
      const onLine = (): void => {
        lines += 1
        const now = clock.now()
        // A clock that is set back must not silence it.
        if (follower === undefined || Math.abs(now - toldAt) < tellEveryMs) return
        toldAt = now
        const news = { follower, state: 'following' as const, error: null, first: lines, lines: [] }
        publish({ type: 'log', news })
      }
      try {
        const name = `${record.containerName}-${stampOf(clock.now())}.log`
        return { saved: await files.save(name, whole(record, signal, onLine)), lines }
      } catch (thrown) {
        if (!own.signal.aborted) throw thrown
        throw new QuaysideError('cancelled', 'The download was cancelled. Nothing was saved.')
      } finally {
        if (follower !== undefined && followers.get(follower) === own) followers.delete(follower)
      }
    },

    stop: () => life.abort(),
  }
}

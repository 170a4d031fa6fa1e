import { randomUUID } from 'node:crypto'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock } from '../../domain/ports.ts'
import { exitDespiteHang } from './exit-despite-hang.ts'
import { classifyKeychainError, keychainLocked, keychainSilent } from './keychain-error.ts'
import type { Keytar } from './keytar.ts'

export interface OsKeychainOptions {
  /** The name under which the keychain shows our entries. */
  service: string
  clock: Clock
  load: () => Promise<Keytar>
}

export interface OsKeychain {
  get(key: string): Promise<string | null>
  set(key: string, value: string): Promise<void>
  delete(key: string): Promise<void>
  /** Writes, reads and deletes an entry of its own. @throws as every call does */
  probe(): Promise<void>
  /** Resolves once no call is under way, or one hangs. */
  settle(): Promise<void>
}

const callSeconds = 10
/** How long a probe's good answer is believed, milliseconds. */
const probeLasts = 5000

/**
 * The keychain of the operating system. A locked one on Linux says of every entry that there is none,
 * so a “no” is believed only once a probe has shown that the keychain is open.
 */
export function createOsKeychain({ service, clock, load }: OsKeychainOptions): OsKeychain {
  const { call, settle } = createQueue(clock)
  let loading: Promise<Keytar> | null = null
  let provedAt: number | null = null

  const keytar = async (): Promise<Keytar> => {
    loading ??= load()
    try {
      return await loading
    } catch (error) {
      // Somebody may install what is missing: the next call tries again.
      loading = null
      throw error
    }
  }
  const ask = async <T>(work: (library: Keytar) => Promise<T>): Promise<T> => {
    const library = await keytar()
    try {
      return await call(() => work(library))
    } catch (error) {
      provedAt = null
      throw classifyKeychainError(error)
    }
  }
  const probe = async (library: Keytar): Promise<void> => {
    if (provedAt !== null && Math.abs(clock.now() - provedAt) < probeLasts) return
    const key = `probe/${randomUUID()}`
    const value = randomUUID()
    await library.setPassword(service, key, value)
    const read = await library.getPassword(service, key)
    await library.deletePassword(service, key)
    if (read !== value) throw keychainLocked('What was written could not be read back.')
    provedAt = clock.now()
  }
  return {
    settle,
    probe: () => ask(probe),
    get: (key) =>
      ask(async (library) => {
        const value = await library.getPassword(service, key)
        if (value === null) await probe(library)
        return value
      }),
    async set(key, value) {
      // The native library ends a string at the first NUL, and can't keep an empty one.
      if (value === '' || value.includes('\0')) {
        throw new QuaysideError(
          'invalid_input',
          'A secret is not empty and holds no NUL character.',
        )
      }
      await ask((library) => library.setPassword(service, key, value))
    },
    delete: (key) =>
      ask(async (library) => {
        if (!(await library.deletePassword(service, key))) await probe(library)
      }),
  }
}

/**
 * One call at a time, each answered within ten seconds. A call that hangs holds one of the few
 * threads that also read files: while it does, no other is begun, and whoever asks is told at once.
 */
function createQueue(clock: Clock): {
  call<T>(work: () => Promise<T>): Promise<T>
  settle(): Promise<void>
} {
  let last: Promise<unknown> = Promise.resolve()
  let hanging: { undo(): void } | null = null
  const ended = (): void => {
    hanging?.undo()
    hanging = null
  }

  const call = async <T>(work: () => Promise<T>): Promise<T> => {
    if (hanging !== null) throw keychainSilent(callSeconds)
    const turn = { begun: false, expired: false }
    const result = last.then(() => {
      if (turn.expired) throw keychainSilent(callSeconds)
      turn.begun = true
      return work()
    })
    const end = (): void => {
      if (turn.begun) ended()
    }
    const settled = result.then(end, end)
    last = settled
    const timer = new AbortController()
    const timeout = clock.sleep(callSeconds * 1000, timer.signal).then(
      () => 'late' as const,
      () => 'stopped' as const,
    )
    if ((await Promise.race([settled, timeout])) === 'late') {
      turn.expired = true
      hanging ??= { undo: exitDespiteHang() }
      throw keychainSilent(callSeconds)
    }
    timer.abort()
    return result
  }
  const settle = async (): Promise<void> => {
    if (hanging === null) await last
  }
  return { call, settle }
}

import { describe, expect, test } from 'vitest'
import { toErrorData } from '../../../shared/errors.ts'
import type { Clock } from '../../domain/ports.ts'
import { classifyKeychainError } from './keychain-error.ts'
import type { Keytar } from './keytar.ts'
import { createOsKeychain } from './os-keychain.ts'

// The native library is played here: how it fails on a real desktop is seen in test/faults. What no
// keyring can be made to do on demand is to hang and come back at a chosen moment.

/** A clock on which the seconds pass when the test says so. */
function testClock(): Clock & { pass(ms: number): Promise<void> } {
  let now = 0
  const sleepers = new Set<{ until: number; wake: () => void }>()
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { until: now + ms, wake: resolve }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper)
          reject(new Error('aborted'))
        })
      }),
    async pass(ms) {
      await settle()
      now += ms
      for (const sleeper of sleepers) if (sleeper.until <= now) sleeper.wake()
      await settle()
    },
  }
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function memoryKeytar(): Keytar & { entries: Map<string, string>; calls: number } {
  const entries = new Map<string, string>()
  return {
    entries,
    calls: 0,
    getPassword(_, account) {
      this.calls += 1
      return Promise.resolve(entries.get(account) ?? null)
    },
    setPassword(_, account, password) {
      this.calls += 1
      entries.set(account, password)
      return Promise.resolve()
    },
    deletePassword(_, account) {
      this.calls += 1
      return Promise.resolve(entries.delete(account))
    },
  }
}

const outcome = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: unknown) => toErrorData(error).code,
  )

describe('a keychain that hangs', () => {
  test('is given up after ten seconds, not asked again meanwhile, and used when it is back', async () => {
    const clock = testClock()
    const library = memoryKeytar()
    let answer: (value: string | null) => void = () => undefined
    library.getPassword = () => {
      library.calls += 1
      return new Promise((resolve) => (answer = resolve))
    }
    const keychain = createOsKeychain({ service: 'Q', clock, load: () => Promise.resolve(library) })
    const first = outcome(keychain.get('a'))
    const queued = outcome(keychain.set('b', 'never written'))
    await clock.pass(9999)
    const late = outcome(keychain.set('c', 'later'))
    await clock.pass(1)
    expect(await Promise.all([first, queued])).toEqual(['keychain_locked', 'keychain_locked'])
    expect(await outcome(keychain.get('d'))).toBe('keychain_locked')
    expect(library.calls).toBe(1)

    answer('x')
    await settle()
    // Given up while it waited for its turn, so it must not take effect behind the user's back.
    expect(library.entries.has('b')).toBe(false)
    // Its ten seconds are not over, so it takes its turn.
    expect(await late).toBeUndefined()
    expect(library.entries.get('c')).toBe('later')
    expect(process.listenerCount('exit')).toBe(0)
  })
})

describe('the end of the program', () => {
  test('waits for the call that is under way, and for none that hangs', async () => {
    const clock = testClock()
    const library = memoryKeytar()
    let answer: (value: string | null) => void = () => undefined
    library.getPassword = () => new Promise((resolve) => (answer = resolve))
    const keychain = createOsKeychain({ service: 'Q', clock, load: () => Promise.resolve(library) })
    await keychain.settle()

    const asked = outcome(keychain.get('a'))
    await settle()
    let settled = false
    const ending = keychain.settle().then(() => (settled = true))
    await settle()
    expect(settled).toBe(false)
    answer('x')
    await ending
    expect(await asked).toBe('x')

    const hanging = outcome(keychain.get('b'))
    await clock.pass(10_000)
    expect(await hanging).toBe('keychain_locked')
    await keychain.settle()
    answer('late')
    await settle()
  })
})

describe('a “no” from the keychain', () => {
  test('is believed only after it has kept something', async () => {
    const clock = testClock()
    const library = memoryKeytar()
    library.setPassword = () =>
      Promise.reject(new Error('Cannot create an item in a locked collection'))
    const keychain = createOsKeychain({ service: 'Q', clock, load: () => Promise.resolve(library) })
    expect(await outcome(keychain.get('a'))).toBe('keychain_locked')
    expect(await outcome(keychain.delete('a'))).toBe('keychain_locked')
  })

  test('costs a proof once in a while, not each time', async () => {
    const clock = testClock()
    const library = memoryKeytar()
    const keychain = createOsKeychain({ service: 'Q', clock, load: () => Promise.resolve(library) })
    for (let time = 0; time < 5; time += 1) expect(await keychain.get('a')).toBeNull()
    expect(library.calls).toBe(5 + 3)
    await clock.pass(5001)
    expect(await keychain.get('a')).toBeNull()
    expect(library.calls).toBe(5 + 3 + 1 + 3)
    expect([...library.entries]).toEqual([])
  })
})

test('a library that can’t be loaded is tried again', async () => {
  const clock = testClock()
  let installed = false
  const load = (): Promise<Keytar> =>
    installed
      ? Promise.resolve(memoryKeytar())
      : Promise.reject(classifyKeychainError(new Error('libsecret-1.so.0: cannot open')))
  const keychain = createOsKeychain({ service: 'Q', clock, load })
  expect(await outcome(keychain.get('a'))).toBe('keychain_unavailable')
  installed = true
  expect(await outcome(keychain.get('a'))).toBeNull()
})

test.each([
  ['Cannot create an item in a locked collection', 'keychain_locked'],
  ['Prompt was dismissed', 'keychain_locked'],
  ['User interaction is not allowed.', 'keychain_locked'],
  ['User canceled the operation.', 'keychain_locked'],
  ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain_unavailable'],
  [
    'Object does not exist at path “/org/freedesktop/secrets/collection/login”',
    'keychain_unavailable',
  ],
  [
    'The name org.freedesktop.secrets was not provided by any .service files',
    'keychain_unavailable',
  ],
])('“%s” is %s', (message, code) => {
  const error = classifyKeychainError(new Error(message))
  expect(error.code).toBe(code)
  expect(error.detail).toBe(message)
  expect(error.hint).toBeTruthy()
})

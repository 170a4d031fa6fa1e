import { expect, test, vi } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import type { HeavyThread, Secrets } from '../../domain/ports.ts'
import { createHeavyThread } from './index.ts'

const never = (): never => {
  throw new Error('not asked here')
}

/** A thread over the fixture, and what it asked for. */
function threadWith(order: string): {
  thread: HeavyThread
  written: Map<string, string>
  log: { info: () => void; warn: () => void; error: ReturnType<typeof vi.fn> }
} {
  const written = new Map<string, string>()
  const secrets: Secrets = {
    status: never,
    delete: never,
    createVault: never,
    unlockVault: never,
    settle: never,
    get: async (key) => {
      if (key !== 'refused') return Promise.resolve(order)
      const hint = 'Unlock it.'
      return Promise.reject(new QuaysideError('keychain_locked', 'It is locked.', { hint }))
    },
    set: async (key, value) => Promise.resolve(void written.set(key, value)),
  }
  const log = { info: () => undefined, warn: () => undefined, error: vi.fn() }
  const module = new URL('./thread-fixture.ts', import.meta.url)
  const thread = createHeavyThread({
    module,
    home: '/somewhere',
    version: '1.2.3',
    secrets,
    log,
    publish: never,
  })
  return { thread, written, log }
}

test('a thread has the secrets and the refusals of the main one, and ends in good order', async () => {
  const { thread, written, log } = threadWith('a secret')
  expect(thread.owner()).toBeNull()
  thread.wanted(true)
  const owner = thread.owner()
  thread.wanted(true)
  expect(thread.owner()).toBe(owner)
  await expect.poll(() => written.get('report'), { timeout: 20_000 }).toBeDefined()
  expect(JSON.parse(written.get('report') ?? '')).toEqual({
    home: '/somewhere',
    owner,
    seen: ['a secret'],
    refusal: expect.objectContaining({ code: 'keychain_locked', hint: 'Unlock it.' }) as unknown,
  })
  thread.secretsReady()
  await expect.poll(() => written.get('ready')).toBe(owner)
  thread.wanted(false)
  expect(thread.owner()).toBe(owner)

  await thread.stop()
  expect(written.get('stopped')).toBe(owner)
  expect(thread.owner()).toBeNull()
  expect(log.error).not.toHaveBeenCalled()
})

test('one that breaks is told to the log, and not begun again at once', async () => {
  const { thread, log } = threadWith('break')
  thread.wanted(true)
  await expect.poll(() => thread.owner(), { timeout: 20_000 }).toBeNull()
  expect(log.error).toHaveBeenCalledWith(
    'the thread of heavy jobs broke',
    expect.objectContaining({ message: 'broken on purpose' }),
  )
  thread.wanted(true)
  expect(thread.owner()).toBeNull()
  await thread.stop()
})

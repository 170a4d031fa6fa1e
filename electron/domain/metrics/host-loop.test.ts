import { setTimeout } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import type { Docker, Host } from '../ports.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import { createHostLoop } from './host-loop.ts'
import { silentLog } from '../silent-log.ts'

const aDatabaseId = () => databaseIdSchema.parse(crypto.randomUUID())

it('who comes to look amid a beat is measured right after it', async () => {
  const beats = new Map([[aDatabaseId(), 15_000]])
  const docker: Partial<Docker> = { listContainers: () => Promise.resolve([]) }
  const host: Partial<Host> = { docker: () => docker as Docker }
  /** A beat begins by asking for its host, which answers when the test wants it. */
  const begun: (() => void)[] = []
  const registry: Partial<HostRegistry> = {
    ready: () => new Promise((resolve) => begun.push(() => resolve(host as Host))),
  }
  const loop = createHostLoop({
    hostId: hostIdSchema.parse(crypto.randomUUID()),
    registry: registry as HostRegistry,
    clock: { now: () => 0, sleep: (_ms, signal) => setTimeout(60_000, undefined, { signal }) },
    log: silentLog,
    looked: () => beats,
    openSession: () => Promise.reject(new Error('no container runs')),
    tell: () => undefined,
  })
  const ending = new AbortController()
  const ended = loop.run(ending.signal)
  expect(begun).toHaveLength(1)
  beats.set(aDatabaseId(), 2_000)
  loop.wake()
  begun[0]?.()
  await vi.waitFor(() => expect(begun).toHaveLength(2))
  begun[1]?.()
  ending.abort()
  await ended
})

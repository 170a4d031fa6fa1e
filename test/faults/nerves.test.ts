import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { compose } from '../../electron/compose.ts'
import type { Core } from '../../electron/domain/core.ts'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { HostId, HostView } from '../../shared/contract/hosts.ts'
import { createCommandLine } from '../integration/cli-process.ts'
import { coreOnLab, create, discard, expectDone, finished, type CoreOnLab } from './core-on-lab.ts'
import { labVersion } from './lab-version.ts'

// What happens in a long day: a host that hangs, sleep, a slow line, a restarted Docker, a colleague.

let on: CoreOnLab

beforeAll(async () => {
  on = await coreOnLab()
  on.core.watch()
})
beforeEach(() => on.lab.fault.clear())
afterAll(async () => {
  await on.lab.fault.clear()
  await on.close()
})

async function stateOf(core: Core, id: HostId): Promise<string | undefined> {
  return (await core.hosts.list({})).find((host) => host.id === id)?.status.state
}

/** The lab's second host, without a proxy between. */
async function addSecond(core: Core): Promise<HostView> {
  const second = on.lab.hosts.find(({ name }) => name === 'h2')
  if (second === undefined) throw new Error('the lab has no host h2')
  const { host, port, user, keyPath, hostKeyFingerprint } = second.ssh
  return core.hosts.add({
    name: 'h2',
    baseDomain: null,
    connection: { kind: 'ssh', address: host, port, user, login: { kind: 'key', path: keyPath } },
    acceptHostKey: hostKeyFingerprint,
  })
}

function planOn(hostId: HostId): Promise<unknown> {
  return on.core.databases.plan({
    hostId,
    engine: 'postgres',
    name: 'calm',
    version: labVersion,
    environment: 'development',
  })
}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const before = performance.now()
  const result = await work
  expect(performance.now() - before).toBeLessThan(ms)
  return result
}

describe('a host that hangs', () => {
  it('delays neither the view nor another host, and is found by waking', async () => {
    const second = await addSecond(on.core)
    await expect.poll(() => stateOf(on.core, second.id), { timeout: 20_000 }).toBe('ready')
    await on.lab.fault.proxy.stall('h1')
    await within(1_000, on.core.databases.list({}))
    await within(1_000, on.core.hosts.list({}))
    // Far below the time after which the first host counts as lost.
    await within(4_000, planOn(second.id))
    expect(await stateOf(on.core, on.host.id)).toBe('ready')

    on.core.wake()
    const patience = { timeout: 9_000, interval: 100 }
    await expect.poll(() => stateOf(on.core, on.host.id), patience).not.toBe('ready')
    await on.lab.fault.clear()
    on.core.wake()
    await expect.poll(() => stateOf(on.core, on.host.id), { timeout: 20_000 }).toBe('ready')
    await on.core.hosts.remove({ id: second.id })
  })
})

describe('a change of the laptop’s network', () => {
  it('is noticed, and the link that died of it without a word is made anew at once', async () => {
    const second = await addSecond(on.core)
    await expect.poll(() => stateOf(on.core, second.id), { timeout: 20_000 }).toBe('ready')
    const states: (string | undefined)[] = []
    const stop = on.core.onEvent(() => void stateOf(on.core, second.id).then((s) => states.push(s)))
    const beganAt = performance.now()
    await on.lab.fault.network.change()
    await expect.poll(() => states, { timeout: 9_000, interval: 50 }).toContain('connecting')
    await expect.poll(() => stateOf(on.core, second.id), { timeout: 9_000 }).toBe('ready')
    // Far below the time after which a silent link counts as lost.
    expect(performance.now() - beganAt).toBeLessThan(8_000)
    stop()
    await on.lab.fault.network.restore()
    await on.core.hosts.remove({ id: second.id })
  })
})

describe('a dead host', () => {
  let second: HostView

  beforeAll(async () => {
    second = await addSecond(on.core)
  })
  afterAll(async () => {
    await on.core.hosts.remove({ id: second.id })
  })

  it('does not keep the command line waiting, and is told as what it is', async () => {
    const quayside = await createCommandLine(on.lab.env, on.home)
    const lists = () => Promise.all([quayside.run('host', 'list'), quayside.run('db', 'list')])
    const begin = performance.now()
    await lists()
    const usualMs = performance.now() - begin
    await on.lab.fault.cable.pull('h2')
    try {
      // Less than one wait for a silent host would take, beyond what the two programs take anyway.
      const [hosts, databases] = await within(2 * usualMs + 6_000, lists())
      expect(hosts.stderr).toContain('quayside host check h2')
      expect(hosts.stdout).toMatch(/^h1 .*ready/m)
      expect(hosts.stdout).toMatch(/^h2 .*no answer yet/m)
      expect(hosts.stderr).toContain('quayside host check h2')
      expect([hosts.code, databases.code]).toEqual([0, 0])
    } finally {
      await quayside.remove()
    }
  })

  it('answers at once that it is lost, also to who asks it for something', async () => {
    await expect.poll(() => stateOf(on.core, on.host.id), { timeout: 20_000 }).toBe('ready')
    await on.lab.fault.proxy.cut('h1', { refuse: true })
    await expect.poll(() => stateOf(on.core, on.host.id), { timeout: 9_000 }).toBe('lost')
    const asked = planOn(on.host.id).catch((error: unknown) => error)
    expect(await within(500, asked)).toMatchObject({ code: 'host_unreachable' })
    await on.lab.fault.clear()
    on.core.wake()
    await expect.poll(() => stateOf(on.core, on.host.id), { timeout: 9_000 }).toBe('ready')
  })
})

describe('with a database', () => {
  let id: DatabaseId

  beforeAll(async () => {
    const made = await create(on, 'nerves')
    id = made.id
    await expectDone(on.core, made.jobId)
  })
  afterAll(async () => {
    await on.lab.fault.clear()
    await discard(on.core, id, 'nerves')
  })

  const statusOf = async (core: Core): Promise<string | undefined> =>
    (await core.databases.list({})).find((one) => one.id === id)?.status

  it('a restart of Docker under the view is told, and so is its return', async () => {
    await on.lab.fault.docker.stop('h1')
    const patience = { timeout: 20_000, interval: 100 }
    await expect.poll(() => statusOf(on.core), patience).not.toBe('running')
    // Docker ended the server with itself; that is told as it is.
    await on.lab.fault.docker.start('h1')
    await expect.poll(() => statusOf(on.core), { timeout: 30_000 }).toMatch(/running|stopped/)
    if ((await statusOf(on.core)) === 'stopped')
      await expectDone(on.core, (await on.core.databases.start({ id })).jobId)
    expect(await statusOf(on.core)).toBe('running')
  })

  it('a line with 200 ms of latency is slow, not broken', async () => {
    // Each way half of it.
    await on.lab.fault.proxy.delay('h1', 100)
    const stopped = await on.core.databases.stop({ id })
    await expectDone(on.core, stopped.jobId)
    const started = await on.core.databases.start({ id })
    await expectDone(on.core, started.jobId)
    await within(1_000, on.core.databases.list({}))
    expect(await stateOf(on.core, on.host.id)).toMatch(/ready|degraded/)
  })

  it('a second installation gets ports and names of its own', async () => {
    const home = await mkdtemp(join(tmpdir(), 'quayside-colleague-'))
    const other = await compose({ home, version: '0.0.0-test' })
    try {
      const { proxy, ssh } = on.lab.hosts[0] ?? failNoHost()
      const host = await other.hosts.add({
        name: 'h1',
        baseDomain: null,
        connection: {
          kind: 'ssh',
          address: proxy.host,
          port: proxy.port,
          user: ssh.user,
          login: { kind: 'key', path: ssh.keyPath },
        },
        acceptHostKey: ssh.hostKeyFingerprint,
      })
      // The name is a colleague's: the create stops before it touches anything.
      const { id: wanted, jobId } = await create({ core: other, host }, 'nerves')
      const { state, error } = await finished(other, jobId)
      expect({ state, code: error?.code }).toEqual({ state: 'failed', code: 'name_taken' })
      expect((await other.databases.list({})).map((one) => one.id)).not.toContain(wanted)
      expect(await statusOf(on.core)).toBe('running')
      const [ours, theirs] = await Promise.all([
        create(on, 'ours'),
        create({ core: other, host }, 'theirs'),
      ])
      await expectDone(on.core, ours.jobId)
      await expectDone(other, theirs.jobId)
      const portOf = async (core: Core, wanted: DatabaseId) =>
        (await core.databases.list({})).find((one) => one.id === wanted)?.port
      expect(await portOf(on.core, ours.id)).not.toBe(await portOf(other, theirs.id))
      await discard(on.core, ours.id, 'ours')
      await discard(other, theirs.id, 'theirs')
    } finally {
      await other.close()
      await rm(home, { recursive: true })
    }
  })
})

function failNoHost(): never {
  throw new Error('the lab has no host')
}

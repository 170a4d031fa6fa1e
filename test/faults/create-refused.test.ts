import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import {
  coreOnLab,
  create,
  discard,
  expectNothing,
  expectDone,
  expectWhole,
  finished,
  type CoreOnLab,
} from './core-on-lab.ts'

let atStep: StepHook = () => undefined
let on: CoreOnLab

beforeAll(async () => {
  on = await coreOnLab({ onStep: (kind, step, when) => atStep(kind, step, when) })
})
afterEach(() => {
  atStep = () => undefined
})
afterAll(async () => {
  await on.close()
})

test('an image that is not there: it says so, and nothing stays', async () => {
  const { id, jobId } = await create(on, 'no-image', '99')
  const job = await finished(on.core, jobId)
  expect(job).toMatchObject({ state: 'failed', error: { code: 'image_not_found' } })
  expect(job.error?.message).toContain('postgres:99')
  expect(job.steps.map((step) => step.state)).toEqual([
    'undone',
    'undone',
    'failed',
    'not-run',
    'not-run',
    'not-run',
  ])
  await expectNothing(on, id)
})

test('the port is taken meanwhile: the next free one is used', async () => {
  atStep = async (_kind, step, when) => {
    if (step === 'container' && when === 'before') await on.lab.fault.port.hold('h1', 5432)
  }
  const { id, jobId } = await create(on, 'port-race')
  await expectDone(on.core, jobId)
  await on.lab.fault.port.free('h1', 5432)
  await expectWhole(on, id)
  const database = (await on.core.databases.list({})).find((one) => one.id === id)
  expect(database?.port).toBe(5433)
  await discard(on.core, id, 'port-race')
})

test('two creates at once get two ports', async () => {
  const both = await Promise.all([create(on, 'twin-a'), create(on, 'twin-b')])
  for (const { jobId } of both) {
    await expectDone(on.core, jobId)
  }
  const ports = (await on.core.databases.list({})).map((one) => one.port)
  expect(new Set(ports).size).toBe(2)
  await discard(on.core, both[0].id, 'twin-a')
  await discard(on.core, both[1].id, 'twin-b')
})

// One create, tried again and again: each try shows that the one before it left nothing.
describe('cancelled', () => {
  const name = 'cancelled'
  let made: Awaited<ReturnType<typeof create>> | undefined

  test.each(['check', 'credentials', 'pull', 'volume', 'container', 'ready'])(
    'in step %s: nothing stays',
    async (named) => {
      atStep = async (_kind, step, when) => {
        if (step !== named || when !== 'before') return
        const job = (await on.core.jobs.list({ limit: 1 }))[0]
        if (job !== undefined) await on.core.jobs.cancel({ id: job.id })
      }
      if (made === undefined) made = await create(on, name)
      else await on.core.jobs.retry({ id: made.jobId })
      const { state, steps } = await finished(on.core, made.jobId)
      expect(state).toBe('cancelled')
      expect(steps.find((step) => step.state === 'failed')?.name).toBe(named)
      await expectNothing(on, made.id)
    },
  )

  test('and then not: the same create succeeds', async () => {
    if (made === undefined) throw new Error('there was no create')
    await on.core.jobs.retry({ id: made.jobId })
    await expectDone(on.core, made.jobId)
    await expectWhole(on, made.id)
    await discard(on.core, made.id, name)
  })
})

test('a changed host key blocks everything until it is trusted deliberately', async () => {
  const shown = await on.lab.fault.hostkey.new('h1')
  await on.lab.fault.proxy.cut('h1')
  try {
    const blocked = await eventually(async () => {
      const host = (await on.core.hosts.list({}))[0]
      return host?.status.state === 'key-changed' ? host : null
    })
    expect(blocked.status.error).toMatchObject({ code: 'host_key_changed', facts: { shown } })
    expect(blocked.status.error?.facts?.['pinned']).toMatch(/^SHA256:/)
    await expect(create(on, 'blocked')).rejects.toMatchObject({ code: 'host_key_changed' })
    await expect(
      on.core.hosts.trustNewKey({ id: on.host.id, fingerprint: `SHA256:${'A'.repeat(43)}` }),
    ).rejects.toMatchObject({ code: 'host_key_unknown' })
    await on.core.hosts.trustNewKey({ id: on.host.id, fingerprint: shown })
    await eventually(async () => {
      const host = (await on.core.hosts.list({}))[0]
      return host?.status.state === 'ready' ? host : null
    })
  } finally {
    const restored = await on.lab.fault.hostkey.restore('h1')
    await on.lab.fault.proxy.cut('h1')
    await eventually(async () => {
      const host = (await on.core.hosts.list({}))[0]
      return host?.status.state === 'key-changed' ? host : null
    })
    await on.core.hosts.trustNewKey({ id: on.host.id, fingerprint: restored })
  }
})

async function eventually<T>(look: () => Promise<T | null>, ms = 30_000): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found !== null) return found
    if (Date.now() > deadline) throw new Error('it did not come')
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

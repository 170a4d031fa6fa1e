import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { StepHook } from '../../electron/domain/jobs/run-job.ts'
import type { Codec } from '../../shared/backup-manifest.ts'
import { expectDone, finished } from './core-on-lab.ts'
import { backupRig, type BackupRig, type Started } from './backup-rig.ts'
import { atRest, dieAt } from './die-at.ts'

// What breaks the way to the host, or this program, while a backup is made.

let atStep: StepHook = () => undefined
let rig: BackupRig

beforeAll(async () => {
  rig = await backupRig('backup-cut', {
    onStep: (kind, step, when) => atStep(kind, step, when),
  })
}, 120_000)
afterEach(async () => {
  atStep = () => undefined
  await rig.on.lab.fault.clear()
})
afterAll(() => rig.close(), 120_000)

/** Lets something go wrong once, at that boundary of a backup's step. */
function onceAt(named: string, moment: 'before' | 'after', fault: () => Promise<unknown>): void {
  let happened = false
  atStep = async (kind, step, when) => {
    if (kind !== 'create-backup' || step !== named || when !== moment || happened) return
    happened = true
    await fault()
  }
}

/** The same action, after it failed: now it succeeds. */
async function again(): Promise<void> {
  const next = await rig.start()
  await expectDone(rig.on.core, next.jobId)
  await rig.expectWhole(next)
}

/** Moments of a backup's life, its check behind it too. The first that is encrypted writes the keys. */
const deaths: { codec: Codec; encrypt: boolean; points: string[] }[] = [
  {
    codec: 'none',
    encrypt: false,
    points: ['look before', 'look after', 'look written', 'dump before', 'make dump'],
  },
  {
    codec: 'gzip',
    encrypt: true,
    points: ['whole keys', 'named keys', 'write dump 1', 'write dump 2000000', 'whole dump'],
  },
  {
    codec: 'zstd',
    encrypt: false,
    points: ['last of dump', 'name dump', 'named dump', 'whole roles', 'named roles'],
  },
  {
    codec: 'lz4',
    encrypt: true,
    points: [
      ...['write dump 4000000', 'make roles', 'dump after', 'dump written', 'manifest before'],
      ...['make manifest', 'whole manifest', 'name manifest', 'named manifest', 'manifest after'],
      ...['manifest written', 'read before', 'read dump 1000000', 'read after'],
    ],
  },
]

describe('this program is killed', () => {
  /** A backup that nobody works on yet. */
  async function begin(form: { codec: Codec; encrypt: boolean }): Promise<Started> {
    const { databaseId, destinationId } = rig
    const { backups } = await atRest(rig.on)
    return backups.create({ databaseId, destinationIds: [destinationId], ...form })
  }

  /** But for a few bytes, as a dump of the same rows has them. */
  async function lastOfDump(): Promise<string> {
    const files = await readdir(rig.folder, { recursive: true })
    const before = files.find((file) => file.endsWith('.dump.zst')) ?? ''
    return `write dump ${(await stat(join(rig.folder, before))).size - 4_096}`
  }

  // One backup each, whose process is killed again and again: each next one takes up what the last has left.
  test.each(deaths)(
    '($codec, encrypted: $encrypt) $points: the last start finishes it',
    async ({ points, ...form }) => {
      const { on, databaseId } = rig
      const made = await begin(form)
      for (const point of points) {
        await dieAt(on, made.jobId, point === 'last of dump' ? await lastOfDump() : point)
        const isMade = /^(?:manifest (?:after|written)|read .*)$/.test(point)
        const ids = (await on.core.backups.list({ databaseId })).map(({ id }) => id)
        expect([point, ids.includes(made.id)]).toEqual([point, isMade])
      }
      on.core.work()
      await expectDone(on.core, made.jobId)
      await rig.expectWhole(made)
    },
  )

  test('and it is cancelled, and killed while it is taken back: nothing stays', async () => {
    const { on } = rig
    const made = await begin({ codec: 'zstd', encrypt: true })
    await dieAt(on, made.jobId, 'named manifest')
    for (const step of ['manifest', 'dump'])
      for (const when of ['before', 'after'])
        await dieAt(on, made.jobId, `undo-${step} ${when}`, { cancel: true })
    on.core.work()
    expect(await finished(on.core, made.jobId)).toMatchObject({ state: 'cancelled' })
    await rig.expectNothing(made)
    await again()
  })
})

describe('the link is cut', () => {
  test.each([
    ['before the dump', 'dump', 'before'],
    ['after its last byte', 'dump', 'after'],
  ] as const)('%s: it goes on by itself', async (_when, step, moment) => {
    onceAt(step, moment, () => rig.on.lab.fault.proxy.cut('h1'))
    const started = await rig.start({ encrypt: moment === 'before' })
    await expectDone(rig.on.core, started.jobId, 120_000)
    await rig.expectWhole(started)
  })

  test.each([
    ['none', false],
    ['gzip', true],
    ['zstd', true],
    ['lz4', false],
  ] as const)('amid a dump (%s, encrypted: %s): it begins anew', async (codec, encrypt) => {
    const happened = rig.whenUnderWay(() => rig.on.lab.fault.proxy.cut('h1'))
    const started = await rig.start({ codec, encrypt })
    await happened
    await expectDone(rig.on.core, started.jobId, 120_000)
    await rig.expectWhole(started)
  })

  test('amid a dump, which is then cancelled: nothing stays', async () => {
    const happened = rig.whenUnderWay(() => rig.on.lab.fault.proxy.cut('h1'))
    const started = await rig.start()
    await happened
    await rig.on.core.jobs.cancel({ id: started.jobId })
    expect(await finished(rig.on.core, started.jobId)).toMatchObject({ state: 'cancelled' })
    await rig.expectNothing(started)
    await again()
  })
})

test('cancelled amid a dump: nothing stays', async () => {
  const { core } = rig.on
  const happened = rig.whenUnderWay(async () => {
    const [newest] = await core.jobs.list({ limit: 1 })
    if (newest !== undefined) await core.jobs.cancel({ id: newest.id })
  })
  const started = await rig.start({ encrypt: true })
  await happened
  expect(await finished(core, started.jobId)).toMatchObject({ state: 'cancelled', error: null })
  await rig.expectNothing(started)
  await again()
})

test('the link stalls amid a dump: it is noticed, and goes on once bytes pass again', async () => {
  const { core, lab } = rig.on
  const happened = rig.whenUnderWay(() => lab.fault.proxy.stall('h1'), { mend: false })
  const started = await rig.start({ encrypt: true })
  await happened
  const state = async () => (await core.hosts.list({}))[0]?.status.state
  await expect.poll(state, { timeout: 90_000, interval: 200 }).not.toBe('ready')
  await lab.fault.proxy.clear('h1')
  await expectDone(core, started.jobId, 120_000)
  await rig.expectWhole(started)
}, 240_000)

import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { destinationIdSchema, type DestinationView } from '../../../shared/contract/destinations.ts'
import {
  scheduleIdSchema,
  scheduleInputSchema,
  type ScheduleInput,
  type ScheduleView,
} from '../../../shared/contract/schedules.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'

const cold: DestinationView = {
  name: 'cold',
  kind: 'somewhere',
  kindLabel: 'Somewhere',
  place: 'far',
  offSite: true,
  config: {},
  secrets: [],
  createdAt: 0,
  lastCheck: null,
  id: destinationIdSchema.parse(randomUUID()),
}
const retention = { last: 3, hourly: 0, daily: 7, weekly: 4, monthly: 6, maxBytes: null }
const nightlyPlan = scheduleInputSchema.parse({
  name: 'nightly',
  cron: '30 3 * * *',
  timeZone: 'Europe/Berlin',
  retention,
  scope: { kind: 'rule' },
  destinationIds: [cold.id],
  codec: 'gzip',
  encrypt: false,
})

/** A core with one schedule, which notes what is saved; one that would remove a backup if told to. */
function core({ removes = 'never' }: { removes?: 'never' | 'now' | 'later' } = {}) {
  let nightly: ScheduleView = {
    ...nightlyPlan,
    id: scheduleIdSchema.parse(randomUUID()),
    createdAt: 0,
    nextRunAt: null,
    lastRunAt: null,
    missed: 0,
    databaseIds: [],
  }
  const saved: ScheduleInput[] = []
  const removed: string[] = []
  const gone = {
    databaseName: 'shop',
    destinationId: cold.id,
    name: 'shop-1',
    createdAt: 0,
    bytes: 9,
  }
  const parts: CoreParts = {
    secrets: { status: () => Promise.resolve({ place: 'keychain', state: 'ready', error: null }) },
    hosts: { list: () => Promise.resolve([]) },
    databases: { list: () => Promise.resolve([]) },
    destinations: { list: () => Promise.resolve([cold]) },
    schedules: {
      list: () => Promise.resolve([nightly]),
      preview: () =>
        Promise.resolve({
          nextRuns: [],
          databaseIds: [],
          removals: [],
          kept: 1,
          onceRead: removes === 'later' ? [gone] : [],
          ...(removes === 'now' && { removals: [gone] }),
        }),
      create: (input) => {
        saved.push(input)
        return Promise.resolve({ id: nightly.id })
      },
      update: ({ change }) => {
        saved.push(change)
        nightly = { ...nightly, ...change }
        return Promise.resolve({})
      },
      remove: ({ id }) => {
        removed.push(id)
        return Promise.resolve({})
      },
    },
  }
  return { parts, saved, removed }
}

describe('schedule add', () => {
  it('takes what is usual for all that is not said', async () => {
    const { parts, saved } = core()
    const words = ['schedule', 'add', 'all', '--all', '--every', 'day', '--to', 'cold']
    expect(await runOn({ core: parts }, ...words)).toMatchObject({ code: 0, stderr: '' })
    expect(saved).toMatchObject([
      { name: 'all', scope: { kind: 'rule' }, cron: '30 3 * * *', encrypt: true, retention },
    ])
  })

  it.each([
    ['where', ['--all', '--every', 'day']],
    ['when', ['--all', '--to', 'cold']],
    ['which', ['--every', 'day', '--to', 'cold']],
    ['not both', ['--all', '--to', 'cold', '--every', 'day', '--cron', '0 0 * * *']],
  ])('asks %s, and saves nothing meanwhile', async (word, words) => {
    const { parts, saved } = core()
    const { code, stderr } = await runOn({ core: parts }, 'schedule', 'add', 'x', ...words)
    expect(code).toBe(2)
    expect(stderr).toContain(word)
    expect(saved).toEqual([])
  })
})

describe('schedule disable and remove', () => {
  it.each(['disable', 'remove'])('%s: refused where backups would go', async (word) => {
    const { parts, saved, removed } = core({ removes: 'now' })
    const refused = await runOn({ core: parts }, 'schedule', word, 'nightly')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('Without it, other schedules would remove 1 backup')
    expect([...saved, ...removed]).toEqual([])
    const words = ['schedule', word, 'nightly', '--accept-removals']
    expect(await runOn({ core: parts }, ...words)).toMatchObject({ code: 0 })
    expect([...saved, ...removed]).toHaveLength(1)
  })

  it.each(['disable', 'remove'])('%s: done at once where nothing goes', async (word) => {
    const { parts, saved, removed } = core()
    expect(await runOn({ core: parts }, 'schedule', word, 'nightly')).toMatchObject({ code: 0 })
    expect([...saved, ...removed]).toHaveLength(1)
  })
})

describe('schedule edit', () => {
  it('changes what is said and leaves the rest', async () => {
    const { parts, saved } = core()
    const words = ['--every', 'week', '--test-restore', 'monthly', '--rename', 'weekly']
    const { code, stdout } = await runOn({ core: parts }, 'schedule', 'edit', 'nightly', ...words)
    expect(code).toBe(0)
    expect(stdout).toContain('weekly')
    const change = { name: 'weekly', cron: '30 3 * * 0', testRestore: 'monthly' }
    expect(saved).toEqual([{ ...nightlyPlan, ...change }])
  })

  it('encrypts from now on, or no longer', async () => {
    for (const [flag, encrypt] of [
      ['--encrypt', true],
      ['--no-encrypt', false],
    ] as const) {
      const { parts, saved } = core()
      expect(await runOn({ core: parts }, 'schedule', 'edit', 'nightly', flag)).toMatchObject({
        code: 0,
      })
      expect(saved).toEqual([{ ...nightlyPlan, encrypt }])
    }
  })

  it.each(['now', 'later'] as const)(
    'saves nothing where backups would go %s, unless that is accepted, and nothing for a preview',
    async (removes) => {
      const edit = ['schedule', 'edit', 'nightly', '--keep', 'last=1']
      const { parts, saved } = core({ removes })
      const refused = await runOn({ core: parts }, ...edit)
      expect(refused.code).not.toBe(0)
      expect(refused.stderr).toContain('--accept-removals')
      expect(await runOn({ core: parts }, ...edit, '--preview')).toMatchObject({ code: 0 })
      expect(saved).toEqual([])
      expect(await runOn({ core: parts }, ...edit, '--accept-removals')).toMatchObject({ code: 0 })
      const one = { last: 1, hourly: 0, daily: 0, weekly: 0, monthly: 0, maxBytes: null }
      expect(saved).toEqual([{ ...nightlyPlan, retention: one }])
    },
  )

  it('asks what shall change', async () => {
    const { parts, saved } = core()
    const { code, stderr } = await runOn({ core: parts }, 'schedule', 'edit', 'nightly')
    expect(code).toBe(2)
    expect(stderr).toContain('what shall change')
    expect(saved).toEqual([])
  })
})

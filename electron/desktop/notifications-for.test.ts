import { describe, expect, it } from 'vitest'
import type { BackupFreshness } from '../../shared/contract/backups.ts'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import type { HostView } from '../../shared/contract/hosts.ts'
import { destinationIdSchema } from '../../shared/contract/destinations.ts'
import { jobIdSchema } from '../../shared/contract/jobs.ts'
import { aDatabase, aFreshness, aHost, aJob, dockerDown, id, quiet } from './desktop-test-things.ts'
import type { Current, Seen } from './notice.ts'
import { notificationsFor } from './notifications-for.ts'

/** Looks one after the other, each told by the second in which it is made. */
function follow() {
  let seen: Seen | null = null
  return (second: number, given: Partial<Current>) => {
    const nothing = { hosts: [], databases: [], jobs: [], freshness: [], app: quiet }
    const current = { ...nothing, focused: false, ...given }
    const next = notificationsFor(seen, current, second * 1000)
    seen = next.seen
    return next.notices
  }
}
const titles = (notices: readonly { title: string }[]) => notices.map(({ title }) => title)
const host = (state: HostView['status']['state']) => aHost(1, state)
const databases = (status: DatabaseView['status'], count = 1) =>
  Array.from({ length: count }, (_, n) => aDatabase(10 + n, aHost(1), { status }))

describe('a host', () => {
  it('that is lost for half a minute is one notice for all its databases, and one when it is back', () => {
    const look = follow()
    look(0, { hosts: [host('ready')], databases: databases('running', 40) })
    const gone = { databases: databases('unknown', 40) }
    expect(look(10, { hosts: [host('lost')], ...gone })).toEqual([])
    // Each try to reach it is seen as well.
    expect(look(20, { hosts: [host('connecting')], ...gone })).toEqual([])
    expect(look(30, { hosts: [host('lost')], ...gone })).toEqual([])
    expect(look(40, { hosts: [host('lost')], ...gone })).toEqual([
      {
        title: 'host-1 does not answer',
        body: 'Its 40 databases are unknown until it does. Quayside keeps trying.',
        place: { kind: 'host', id: aHost(1).id },
      },
    ])
    expect(look(50, { hosts: [host('lost')], ...gone })).toEqual([])
    const back = look(60, { hosts: [host('ready')], databases: databases('running', 40) })
    expect(titles(back)).toEqual(['host-1 is back'])
  })

  it('on which Docker alone does not answer is away too, and back with it', () => {
    const look = follow()
    look(0, { hosts: [host('ready')], databases: databases('running', 2) })
    const down = {
      hosts: [aHost(1, 'degraded', dockerDown)],
      databases: databases('unknown', 2),
    }
    expect(look(10, down)).toEqual([])
    expect(look(40, down)).toEqual([
      {
        title: 'Docker on host-1 does not answer',
        body: 'Its 2 databases are unknown until it does. Quayside keeps trying.',
        place: { kind: 'host', id: aHost(1).id },
      },
    ])
    expect(titles(look(50, { hosts: [host('ready')] }))).toEqual(['host-1 is back'])
  })

  it('that answers with limits is there', () => {
    const look = follow()
    look(0, { hosts: [host('ready')] })
    expect(look(10, { hosts: [host('degraded')] })).toEqual([])
    expect(look(60, { hosts: [host('degraded')] })).toEqual([])
  })

  it('that is away for a moment is no news', () => {
    const look = follow()
    look(0, { hosts: [host('ready')] })
    expect(look(5, { hosts: [host('lost')] })).toEqual([])
    expect(look(15, { hosts: [host('ready')] })).toEqual([])
    // Its next loss counts from its own beginning.
    expect(look(20, { hosts: [host('lost')] })).toEqual([])
    expect(look(30, { hosts: [host('lost')] })).toEqual([])
  })

  it('that has not answered since the start is none either', () => {
    const look = follow()
    for (const second of [0, 10, 20, 30, 40]) {
      expect(look(second, { hosts: [host('lost')] })).toEqual([])
    }
    expect(look(50, { hosts: [host('ready')] })).toEqual([])
  })

  it('is given its half minute after the computer has slept', () => {
    const look = follow()
    look(0, { hosts: [host('ready')] })
    look(5, { hosts: [host('lost')] })
    expect(look(30_000, { hosts: [host('lost')] })).toEqual([])
    expect(look(30_005, { hosts: [host('ready')] })).toEqual([])
  })

  it.each([
    ['refused', 'host-1 needs you'],
    ['key-changed', 'host-1 has another host key'],
  ] as const)('that is %s is told of at once', (state, title) => {
    const look = follow()
    look(0, { hosts: [host('ready')] })
    expect(titles(look(1, { hosts: [host(state)] }))).toEqual([title])
    expect(look(2, { hosts: [host(state)] })).toEqual([])
    // A try that ends as before tells nothing new.
    expect(look(3, { hosts: [host('connecting')] })).toEqual([])
    expect(look(4, { hosts: [host(state)] })).toEqual([])
    look(5, { hosts: [host('ready')] })
    expect(titles(look(6, { hosts: [host(state)] }))).toEqual([title])
  })
})

describe('a database', () => {
  it('that fails is told of, also in a window before one’s eyes, and leads to its page', () => {
    const look = follow()
    look(0, { databases: databases('running') })
    const [notice] = look(1, { databases: databases('failed'), focused: true })
    expect(notice).toMatchObject({
      title: 'db-10 (development) on host-1 failed',
      place: { kind: 'database', id: databases('failed')[0]?.id },
    })
    expect(look(2, { databases: databases('failed') })).toEqual([])
  })

  it('that has failed before the start is not', () => {
    const look = follow()
    expect(look(0, { databases: databases('unknown') })).toEqual([])
    expect(look(1, { databases: databases('failed') })).toEqual([])
  })

  it('that failed while its host was away is told of when that is known', () => {
    const look = follow()
    look(0, { databases: databases('running') })
    look(1, { databases: databases('unknown') })
    expect(look(2, { databases: databases('failed') })).toHaveLength(1)
  })

  it('that fails again and again is told of once in ten minutes', () => {
    const look = follow()
    look(0, { databases: databases('running') })
    expect(look(10, { databases: databases('failed') })).toHaveLength(1)
    look(20, { databases: databases('running') })
    expect(look(30, { databases: databases('failed') })).toEqual([])
    look(40, { databases: databases('running') })
    expect(look(700, { databases: databases('failed') })).toHaveLength(1)
  })

  it('with which many fail at once is one notice for their host', () => {
    const look = follow()
    look(0, { databases: databases('running', 12) })
    expect(titles(look(1, { databases: databases('failed', 12) }))).toEqual([
      '12 databases on host-1 failed',
    ])
  })

  it('on which a job works, or has just failed, is the job’s news', () => {
    const look = follow()
    const [running] = databases('running')
    if (running === undefined) throw new Error('there is one')
    look(0, { databases: [running] })
    const job = { title: 'Restart db-10', databaseId: running.id }
    const failing = { ...running, status: 'failed', jobId: jobIdSchema.parse(id(90)) } as const
    expect(look(1, { databases: [failing], jobs: [aJob(90, job)] })).toEqual([])
    const ended = aJob(90, { ...job, state: 'failed', endedAt: 2000 })
    const after = { databases: [{ ...failing, jobId: null }], jobs: [ended] }
    expect(titles(look(2, after))).toEqual(['Restart db-10 failed'])
    expect(look(3, after)).toEqual([])
  })

  it('that fails a while after a job on it was done is news of its own', () => {
    const look = follow()
    const job = aJob(90, { databaseId: databases('running')[0]?.id ?? null, endedAt: 500 })
    const jobs = [{ ...job, state: 'done' as const }]
    look(1, { databases: databases('running'), jobs })
    expect(look(4, { databases: databases('failed'), jobs })).toHaveLength(1)
  })
})

describe('a database that needs a look', () => {
  const reason = 'It stops by itself and is started again (exit code 1)'
  const uneasy = databases('attention').map((database) => ({ ...database, reason }))

  it('is told of once it has done so for half a minute, and once for as long as it lasts', () => {
    const look = follow()
    look(0, { databases: databases('running') })
    expect(look(10, { databases: uneasy })).toEqual([])
    expect(look(30, { databases: uneasy })).toEqual([])
    expect(look(40, { databases: uneasy })).toEqual([
      {
        title: 'db-10 (development) on host-1 needs a look',
        body: reason,
        place: { kind: 'database', id: uneasy[0]?.id },
      },
    ])
    for (const second of [50, 100, 700, 1400]) {
      expect(look(second, { databases: uneasy })).toEqual([])
    }
  })

  it('and runs for a moment between its crashes, does so all the while', () => {
    const look = follow()
    look(0, { databases: databases('running') })
    look(10, { databases: uneasy })
    look(25, { databases: databases('running') })
    expect(look(26, { databases: uneasy })).toEqual([])
    look(85, { databases: databases('running') })
    expect(look(86, { databases: uneasy })).toHaveLength(1)
  })

  it('for less is no news, nor at the start, nor while a job works on it', () => {
    const look = follow()
    look(0, { databases: uneasy })
    expect(look(60, { databases: uneasy })).toEqual([])
    look(70, { databases: databases('running') })
    look(200, { databases: databases('running') })
    look(210, { databases: uneasy })
    look(230, { databases: databases('running') })
    expect(look(310, { databases: databases('running') })).toEqual([])
    const jobId = jobIdSchema.parse(id(90))
    const worked = uneasy.map((database) => ({ ...database, jobId }))
    look(320, { databases: worked })
    expect(look(360, { databases: worked })).toEqual([])
    // What it is left in is no longer the job's doing.
    look(370, { databases: uneasy })
    expect(look(400, { databases: uneasy })).toHaveLength(1)
  })

  it('and then fails is told of again', () => {
    const look = follow()
    look(0, { databases: databases('running') })
    look(10, { databases: uneasy })
    look(40, { databases: uneasy })
    expect(titles(look(50, { databases: databases('failed') }))).toEqual([
      'db-10 (development) on host-1 failed',
    ])
  })

  it('is waited for where time alone makes news of it', () => {
    const waits = (previous: Seen | null, second: number, status: DatabaseView['status']) => {
      const now = { hosts: [], databases: databases(status), jobs: [], freshness: [], app: quiet }
      return notificationsFor(previous, { ...now, focused: false }, second * 1000)
    }
    const first = waits(null, 0, 'running')
    const second = waits(first.seen, 10, 'attention')
    const third = waits(second.seen, 40, 'attention')
    expect([first.waits, second.waits, third.waits]).toEqual([false, true, false])
  })
})

describe('a job', () => {
  const done = (seconds: number) => aJob(90, { state: 'done', endedAt: seconds * 1000 })

  it('that took long is told of when it is done', () => {
    const look = follow()
    look(0, { jobs: [aJob(90)] })
    expect(look(12, { jobs: [done(12)] })).toEqual([
      { title: 'Create db-90 is done', body: 'It took 12 s.', place: { kind: 'job', id: id(90) } },
    ])
    expect(look(13, { jobs: [done(12)] })).toEqual([])
  })

  it('leads to the database it was for, where that is still there', () => {
    const look = follow()
    const [database] = databases('running')
    const job = { ...done(12), databaseId: database?.id ?? null }
    look(0, { jobs: [aJob(90)] })
    expect(look(12, { jobs: [job], databases: databases('running') })).toMatchObject([
      { place: { kind: 'database', id: database?.id } },
    ])
  })

  it('that was short, was cancelled, or is before one’s eyes is not', () => {
    const look = follow()
    look(0, { jobs: [aJob(90)] })
    expect(look(9, { jobs: [done(9)] })).toEqual([])
    const cancelled = aJob(91, { state: 'cancelled', endedAt: 20_000 })
    expect(look(20, { jobs: [cancelled] })).toEqual([])
    expect(look(30, { jobs: [done(30)], focused: true })).toEqual([])
    expect(look(31, { jobs: [done(30)] })).toEqual([])
  })

  it('that had ended before the start is not', () => {
    const look = follow()
    expect(look(100, { jobs: [done(99)] })).toEqual([])
    expect(look(101, { jobs: [done(99)] })).toEqual([])
  })

  it('that fails is told of with its reason, and again when it is tried again', () => {
    const look = follow()
    const failed = (seconds: number) =>
      aJob(90, {
        state: 'failed',
        endedAt: seconds * 1000,
        hostName: 'ams-1',
        environment: 'production',
        error: { code: 'host_lost', message: 'ams-1 does not answer.' },
      })
    look(0, { jobs: [] })
    expect(look(1, { jobs: [failed(1)] })).toEqual([
      {
        title: 'Create db-90 (production) on ams-1 failed',
        body: 'ams-1 does not answer.',
        place: { kind: 'job', id: id(90) },
      },
    ])
    look(2, { jobs: [aJob(90)] })
    expect(look(5, { jobs: [failed(5)] })).toHaveLength(1)
  })
})

describe('a backup', () => {
  const at = (name: string) => ({
    destinationId: destinationIdSchema.parse(id(name.length)),
    destinationName: name,
  })
  const freshness = (count: number, late: boolean, name = 'disk'): BackupFreshness[] =>
    databases('running', count).map((database) =>
      aFreshness(database, { late: late ? [at(name)] : [] }),
    )

  it('that has become late is told of once, and again when it was made meanwhile', () => {
    const look = follow()
    const own = { databases: databases('running') }
    look(0, { ...own, freshness: freshness(1, false) })
    expect(look(1, { ...own, freshness: freshness(1, true) })).toEqual([
      {
        title: 'The backup of db-10 (development) to disk is late',
        body: 'It was due more than an hour ago, and there is none yet.',
        place: { kind: 'backups', id: own.databases[0]?.id },
      },
    ])
    expect(look(2, { ...own, freshness: freshness(1, true) })).toEqual([])
    expect(titles(look(2, { ...own, freshness: freshness(1, true, 'off-site') }))).toEqual([
      'The backup of db-10 (development) to off-site is late',
    ])
    look(3, { ...own, freshness: freshness(1, false) })
    expect(look(4, { ...own, freshness: freshness(1, true) })).toHaveLength(1)
  })

  it('that was late before the start is no news; many at once are one notice', () => {
    const look = follow()
    const own = { databases: databases('running', 5) }
    expect(look(0, { ...own, freshness: freshness(2, true) })).toEqual([])
    expect(titles(look(1, { ...own, freshness: freshness(5, true) }))).toEqual([
      'Backups of 3 databases are late',
    ])
  })

  it('of which all have vanished from a destination is told of once each time, and not as late too', () => {
    const look = follow()
    const own = { databases: databases('running', 4) }
    const freshly = (change: Partial<BackupFreshness>, count = 1) =>
      own.databases.slice(0, count).map((database) => aFreshness(database, change))
    const gone = { vanished: [at('disk'), at('off-site')], late: [at('disk'), at('off-site')] }
    look(0, { ...own, freshness: freshly({}) })
    expect(look(1, { ...own, freshness: freshly(gone) })).toEqual([
      {
        title: 'All backups of db-10 (development) are gone from disk and off-site',
        body: 'They lay there, and no good one is left. Back it up again, or put them back.',
        place: { kind: 'backups', id: own.databases[0]?.id },
      },
    ])
    expect(look(2, { ...own, freshness: freshly(gone) })).toEqual([])
    // What ends it is a good one there; then it is news again.
    look(3, { ...own, freshness: freshly({ vanished: [at('disk')] }) })
    expect(titles(look(4, { ...own, freshness: freshly(gone) }))).toEqual([
      'All backups of db-10 (development) are gone from off-site',
    ])
    const trashed = own.databases.map((each) => ({ ...each, status: 'trash' as const }))
    expect(look(5, { databases: trashed, freshness: freshly(gone, 4) })).toEqual([])
    look(6, { ...own, freshness: freshly({}, 4) })
    expect(look(7, { ...own, freshness: freshly(gone, 4) })).toEqual([
      {
        title: 'All backups of 4 databases are gone from where they lay',
        body: own.databases.map(({ name }) => `${name} (development)`).join(', '),
        place: { kind: 'backups' },
      },
    ])
  })

  it.each([
    ['create-backup', 'Back up db-90'],
    ['test-restore', 'Test-restore a backup of db-90'],
  ])('that came by itself is no news when it is done; one that failed is: %s', (kind, title) => {
    const look = follow()
    const backup = { kind, title, byItself: true }
    look(0, { jobs: [aJob(90, backup)] })
    const done = { ...backup, state: 'done', endedAt: 60_000 } as const
    expect(look(60, { jobs: [aJob(90, done)] })).toEqual([])
    const failed = aJob(91, { ...backup, state: 'failed', endedAt: 61_000 })
    expect(titles(look(61, { jobs: [failed] }))).toEqual([`${title} failed`])
    expect(look(62, { jobs: [failed] })).toEqual([])
  })

  it('that a person began is told of when it took long', () => {
    const look = follow()
    const backup = { kind: 'create-backup', title: 'Back up db-90' }
    look(0, { jobs: [aJob(90, backup)] })
    const done = { ...backup, state: 'done', endedAt: 60_000 } as const
    expect(titles(look(60, { jobs: [aJob(90, done)] }))).toEqual(['Back up db-90 is done'])
  })
})

it('an update is told of once it lies ready, and leads to the settings', () => {
  const look = follow()
  look(0, {})
  const app = { ...quiet, update: '1.3.0' }
  expect(look(1, { app })).toMatchObject([
    { title: 'Quayside 1.3.0 is ready', place: { kind: 'settings' } },
  ])
  expect(look(2, { app })).toEqual([])
})

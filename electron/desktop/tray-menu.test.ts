import { describe, expect, it } from 'vitest'
import { databaseStatuses, type DatabaseView } from '../../shared/contract/databases.ts'
import { hostStates } from '../../shared/contract/hosts.ts'
import { destinationIdSchema } from '../../shared/contract/destinations.ts'
import { jobIdSchema } from '../../shared/contract/jobs.ts'
import { aDatabase, aFreshness, aHost, dockerDown, id, quiet } from './desktop-test-things.ts'
import type { TrayAction, TrayItem } from './tray-items.ts'
import { trayMenu, type TrayView } from './tray-menu.ts'
import { trayState } from './tray-state.ts'

const ams = aHost(1)
const home = { ...aHost(2), connection: { kind: 'local', socketPath: '/run/docker.sock' } } as const

const view = (given: Partial<TrayView>): TrayView => ({
  hosts: [ams],
  databases: [],
  tunnels: [],
  freshness: [],
  app: quiet,
  ...given,
})

/** The menu as one would read it: greyed ones in brackets, submenus indented. */
function read(items: readonly TrayItem[], indent = ''): string[] {
  return items.flatMap((item) => {
    switch (item.kind) {
      case 'line':
        return [`${indent}—`]
      case 'note':
        return [`${indent}[${item.label}]`]
      case 'action':
        return [indent + (item.enabled ? item.label : `[${item.label}]`)]
      case 'submenu':
        return [indent + item.label, ...read(item.items, `${indent}  `)]
    }
  })
}

/** What the entries of a database's own menu do, by their labels. */
function actionsOf(
  database: DatabaseView,
  given: Partial<TrayView> = {},
): Record<string, TrayAction> {
  const menu = trayMenu(view({ databases: [database], ...given }))
  const own = menu.find((item) => item.kind === 'submenu')
  const items = own?.kind === 'submenu' ? own.items : []
  return Object.fromEntries(
    items.flatMap((item) =>
      item.kind === 'action' && item.enabled ? [[item.label, item.action]] : [],
    ),
  )
}

const end = ['Open Quayside', 'Create database…', '—', 'Quit']

describe('the tray’s menu', () => {
  it('has the databases by host, each with its state and its environment', () => {
    const databases = [
      aDatabase(11, ams, { name: 'shop', environment: 'production' }),
      aDatabase(12, ams, { name: 'ledger', status: 'stopped' }),
      aDatabase(13, ams, { name: 'gone', status: 'trash' }),
    ]
    expect(read(trayMenu(view({ hosts: [home, ams], databases })))).toEqual([
      '[host-1]',
      '○ ledger, Development, stopped',
      ...['Copy connection URL', 'Copy password', '—', '[Open tunnel]', '—', 'Start', '—'].map(
        (label) => `  ${label}`,
      ),
      '  Show in Quayside',
      '● shop, Production',
      ...['Copy connection URL', 'Copy password', '—', 'Open tunnel', '—'].map((l) => `  ${l}`),
      ...['Restart…', 'Stop…', '—', 'Show in Quayside'].map((label) => `  ${label}`),
      '—',
      '[host-2]',
      'No databases',
      '—',
      ...end,
    ])
  })

  it('names first what needs the user, and leads there', () => {
    const lost = aHost(3, 'lost')
    const databases = [
      aDatabase(11, ams, { name: 'shop', status: 'failed' }),
      aDatabase(12, lost, { name: 'wiki', status: 'unknown' }),
    ]
    const menu = trayMenu(view({ hosts: [ams, lost], databases }))
    expect(read(menu).slice(0, 4)).toEqual([
      '[2 things need you]',
      'host-3 does not answer',
      'shop (development) on host-1 failed',
      '—',
    ])
    expect(menu[2]).toMatchObject({
      action: { do: 'show', place: { kind: 'database', id: databases[0]?.id } },
    })
    expect(read(menu)).toContain('◌ wiki, Development, unknown')
  })

  it('says of a host whose Docker does not answer that its databases are unknown', () => {
    const down = aHost(1, 'degraded', dockerDown)
    const databases = [aDatabase(11, down, { status: 'unknown' })]
    const menu = trayMenu(view({ hosts: [down], databases }))
    expect(read(menu).slice(0, 4)).toEqual([
      '[1 thing needs you]',
      'Docker on host-1 does not answer',
      '—',
      '[host-1, unknown]',
    ])
    expect(read(trayMenu(view({ hosts: [aHost(1, 'degraded')] })))).toContain('[host-1]')
  })

  it('names few of many troubles', () => {
    const databases = Array.from({ length: 9 }, (_, n) =>
      aDatabase(10 + n, ams, { status: 'failed' }),
    )
    const labels = read(trayMenu(view({ databases })))
    expect(labels[0]).toBe('[9 things need you]')
    expect(labels[5]).toBe('5 more in Quayside')
  })

  it('stops a development database at once, and asks in the window about a production one', () => {
    const development = aDatabase(11, ams)
    expect(actionsOf(development)['Stop']).toEqual({ do: 'stop', id: development.id })
    const production = aDatabase(12, ams, { environment: 'production' })
    const place = { kind: 'database', id: production.id }
    expect(actionsOf(production)['Stop…']).toEqual({
      do: 'show',
      place: { ...place, ask: 'stop' },
    })
    expect(actionsOf(production)['Restart…']).toEqual({
      do: 'show',
      place: { ...place, ask: 'restart' },
    })
  })

  it('offers nothing twice while a job works on a database', () => {
    const busy = aDatabase(11, ams, { jobId: jobIdSchema.parse(id(99)) })
    expect(Object.keys(actionsOf(busy))).not.toContain('Stop')
    expect(read(trayMenu(view({ databases: [busy] })))).toContain('● db-11, Development, working')
  })

  it('opens a tunnel, and closes the one that is open', () => {
    const database = aDatabase(11, ams)
    expect(actionsOf(database)['Open tunnel']).toEqual({ do: 'open-tunnel', id: database.id })
    const tunnel = {
      databaseId: database.id,
      localPort: 54321,
      remotePort: 5432,
      movedFrom: null,
      armed: true,
      elsewhere: false,
      clients: [],
      openedAt: 0,
    }
    expect(actionsOf(database, { tunnels: [tunnel] })['Close tunnel on 54321']).toEqual({
      do: 'close-tunnel',
      id: database.id,
    })
    const byCommand = { ...tunnel, elsewhere: true, openedAt: null }
    const menu = trayMenu(view({ databases: [database], tunnels: [byCommand] }))
    expect(read(menu)).toContain('  [Tunnel on 54321, held by a command]')
    expect(Object.keys(actionsOf(database, { tunnels: [byCommand] }))).not.toContain('Open tunnel')
  })

  it('has no tunnel for a database of this computer', () => {
    const labels = Object.keys(actionsOf(aDatabase(11, home), { hosts: [home] }))
    expect(labels.filter((label) => label.includes('tunnel'))).toEqual([])
  })

  it('folds a long list by host', () => {
    const databases = Array.from({ length: 21 }, (_, n) => aDatabase(10 + n, n < 20 ? ams : home))
    const menu = trayMenu(view({ hosts: [ams, home], databases }))
    expect(menu.map((item) => ('label' in item ? item.label : '—'))).toEqual([
      'host-1 (20)',
      'host-2 (1)',
      '—',
      ...end,
    ])
  })
})

describe('the menu of a host with hundreds of databases', () => {
  const many = (count: number, host = ams) =>
    Array.from({ length: count }, (_, n) =>
      aDatabase(100 + n, host, { startedAt: n, status: n < 200 ? 'stopped' : 'running' }),
    )
  const menuOf = (databases: DatabaseView[]) => {
    const first = trayMenu(view({ databases })).find((item) => item.kind === 'submenu')
    const items = first?.items ?? []
    return items.map((item) => ('label' in item ? item.label : '—'))
  }

  it('has those that count most, and the way to them all', () => {
    const databases = [
      ...many(300),
      aDatabase(900, ams, { name: 'a-failed', status: 'failed' }),
      aDatabase(901, ams, { name: 'a-busy', jobId: jobIdSchema.parse(id(99)), status: 'stopped' }),
    ]
    const labels = menuOf(databases).filter((label) => !label.includes('a-failed'))
    expect(labels).toHaveLength(41)
    expect(labels.slice(0, 3)).toEqual([
      '○ a-busy, Development, stopped',
      '● db-362, Development',
      '● db-363, Development',
    ])
    expect(labels.slice(-3)).toEqual([
      '● db-399, Development',
      '—',
      'All 302 databases of host-1 in Quayside…',
    ])
  })

  it('has them all where they are forty', () => {
    expect(menuOf(many(40))).toHaveLength(40)
  })
})

describe('the end of the tray’s menu', () => {
  it('installs an update that lies ready, and takes back an end that waits for jobs', () => {
    const menu = trayMenu(view({ app: { ...quiet, update: '1.3.0', quitsAfter: 2 } }))
    const last = menu.slice(-3)
    expect(read(last)).toEqual([
      'Quit and install 1.3.0',
      'Quits when 2 jobs are done · Stay open',
      'Quit',
    ])
    expect(last).toMatchObject([
      { action: { do: 'install-update' } },
      { action: { do: 'stay' } },
      { action: { do: 'quit' } },
    ])
  })
})

describe('the tray’s icon', () => {
  it.each([
    ['fine', 'ready', 'running'],
    ['fine', 'ready', 'stopped'],
    ['attention', 'ready', 'attention'],
    ['attention', 'refused', 'unknown'],
    ['failed', 'ready', 'failed'],
    ['failed', 'key-changed', 'unknown'],
    ['unknown', 'lost', 'unknown'],
    ['unknown', 'connecting', 'unknown'],
  ] as const)('is %s where a host is %s and its database is %s', (state, host, status) => {
    const one = aHost(1, host)
    expect(
      trayState({ hosts: [one], databases: [aDatabase(11, one, { status })], freshness: [] }),
    ).toBe(state)
  })

  const jobId = jobIdSchema.parse(id(99))
  const unproven = { jobId, at: 0, error: { code: 'backup_failed', message: 'No.' } } as const
  const place = { destinationId: destinationIdSchema.parse(id(98)), destinationName: 'cold' }
  const [late, failed] = [[place], [{ ...unproven, ...place }]]
  const vanished = [{ ...place, destinationName: 'disk' }, place]

  it.each([
    ['All backups of shop (production) are gone from disk and cold', { vanished, late, failed }],
    ['The backup of shop (production) to cold is late', { late, failed }],
    ['The last backup of shop (production) to cold failed', { failed }],
    ['The last test restore of shop (production) failed', { unproven }],
  ])('tells what its menu says: %s', (words, given) => {
    const shop = aDatabase(11, ams, { name: 'shop', environment: 'production' })
    const now = view({ databases: [shop], freshness: [aFreshness(shop, given)] })
    expect(trayState(now)).toBe('attention')
    const menu = trayMenu(now)
    expect(read(menu).slice(0, 3)).toEqual(['[1 thing needs you]', words, '—'])
    expect(menu[1]).toMatchObject({
      action: { do: 'show', place: { kind: 'backups', id: shop.id } },
    })
    const gone = { ...now, databases: [{ ...shop, status: 'trash' as const }] }
    expect(trayState(gone)).toBe('fine')
  })

  it('is never amber or red without a line that says why', () => {
    const backups = [{}, { vanished }, { late }, { failed }, { unproven }]
    for (const state of hostStates) {
      for (const error of [null, dockerDown]) {
        for (const status of databaseStatuses) {
          for (const backup of backups) {
            const one = aHost(1, state, error)
            const database = aDatabase(11, one, { status })
            const freshness = [aFreshness(database, backup)]
            const now = view({ hosts: [one], databases: [database], freshness })
            const silent = ['fine', 'unknown'].includes(trayState(now))
            const [first = ''] = read(trayMenu(now))
            expect(silent || / needs? you]$/.test(first), JSON.stringify(now)).toBe(true)
          }
        }
      }
    }
  })

  it('is fine where there is nothing yet', () => {
    expect(trayState({ hosts: [], databases: [], freshness: [] })).toBe('fine')
  })
})

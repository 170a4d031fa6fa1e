import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  backupFreshnessSchema,
  backupSchema,
  type BackupFreshness,
} from '../../../shared/contract/backups.ts'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { destinationIdSchema, type DestinationView } from '../../../shared/contract/destinations.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someDatabase, someHost } from '../cli-test-things.ts'

const now = Date.UTC(2026, 0, 2, 12)
const hour = 3_600_000
const shop = someDatabase({ name: 'shop' })
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
  id: destinationIdSchema.parse(crypto.randomUUID()),
}
const at = { destinationId: cold.id, destinationName: 'cold' }
const backup = backupSchema.parse({
  id: crypto.randomUUID(),
  databaseId: shop.id,
  databaseName: 'shop',
  hostName: 'ams-1',
  environment: 'development',
  engine: 'anyengine',
  createdAt: now - 30 * hour,
  plainBytes: 1,
  codec: 'zstd',
  serverVersion: '17',
  tables: 1,
  rows: 1,
  warnings: [],
  copies: [
    {
      ...at,
      name: 'x',
      bytes: 1,
      encrypted: false,
      createdAt: 1,
      verifiedAt: 1,
      restoredAt: null,
      problem: null,
    },
  ],
})
const fine = backupFreshnessSchema.parse({
  databaseId: shop.id,
  trend: [1],
  failed: [],
  provenAt: now - 50 * hour,
  unproven: null,
  newest: { id: crypto.randomUUID(), createdAt: now - 2 * hour, verified: true },
  nextRunAt: now + 3 * hour,
  late: [],
  vanished: [],
  jobId: null,
})
const attempt = { jobId: crypto.randomUUID(), at: now - hour }
const failed = {
  ...attempt,
  ...at,
  error: { code: 'destination_denied', message: 'The key is not valid.' },
}
const unproven = { ...attempt, error: { code: 'restore_failed', message: 'The rows differ.' } }

const namedSchema = z.array(
  z.object({ database: z.string().optional(), databaseName: z.string().optional() }),
)

function core(change: object = {}, away = false): CoreParts {
  const freshness: BackupFreshness = backupFreshnessSchema.parse({ ...fine, ...change })
  const error = { code: 'destination_unreachable', message: 'It does not answer.' } as const
  return {
    databases: { list: () => Promise.resolve([shop]) },
    destinations: { list: () => Promise.resolve([cold]) },
    backups: {
      freshness: () => Promise.resolve([freshness]),
      list: () => Promise.resolve([backup]),
      looks: () => Promise.resolve([{ ...at, lookedAt: now - hour, error: away ? error : null }]),
    },
  }
}

describe('backup status', () => {
  it('tells how fresh each database’s backups are, here and off-site', async () => {
    const { code, stdout, stderr } = await runOn({ core: core() }, 'backup', 'status')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [, row = ''] = stdout.split('\n')
    expect(row.split(/ {2,}/)).toEqual([
      ...['shop', shop.hostName, '2 h ago', '30 h ago', 'in 3 h', '2 d ago'],
    ])
  })

  it.each([
    [{ vanished: [at] }, 'all gone from cold', 'All backups of shop are gone from cold.'],
    [{ late: [at] }, 'late to cold', 'The backup of shop to cold is late.'],
    [{ failed: [failed] }, 'failed to cold: The key', 'The last backup of shop to cold failed.'],
    [{ unproven }, 'test restore failed: The rows', 'The last test restore of shop failed.'],
  ])('ends with a code of its own where one needs a look: %#', async (change, row, said) => {
    const { code, stdout, stderr } = await runOn({ core: core(change) }, 'backup', 'status', 'shop')
    expect(code).toBe(12)
    expect(stdout).toContain(row)
    expect(stderr).toContain(said)
  })

  it('gives a script all of it, and says what could not be looked at', async () => {
    const bench = { core: core({ late: [at], failed: [failed] }, true) }
    const { code, stdout, stderr } = await runOn(bench, 'backup', 'status', '--json')
    expect(code).toBe(12)
    expect(JSON.parse(stdout)).toMatchObject([
      {
        database: 'shop',
        late: [at],
        failed: [failed],
        nextRunAt: now + 3 * hour,
        offSite: { id: backup.id, createdAt: backup.createdAt, verified: true },
      },
    ])
    expect(stderr).toContain('cold was last looked at: 1 h ago')
    expect(stderr).toContain('"code":"backup_stale"')
    expect(stderr).toContain('(and 1 more)')
  })
})

describe('without a DATABASE, --host and --environment narrow down', () => {
  const id = databaseIdSchema.parse(crypto.randomUUID())
  const trial = someDatabase({ id, name: 'trial', hostName: 'fra-1', environment: 'staging' })
  const elsewhere = { ...backup, databaseId: trial.id, databaseName: 'trial', hostName: 'fra-1' }
  const gone = { ...backup, databaseId: null, databaseName: 'gone', hostName: 'fra-1' }
  const both: CoreParts = {
    ...core(),
    hosts: { list: () => Promise.resolve([someHost(), someHost({ name: 'fra-1' })]) },
    databases: { list: () => Promise.resolve([shop, trial]) },
    backups: {
      ...core().backups,
      freshness: () =>
        Promise.resolve([
          fine,
          backupFreshnessSchema.parse({ ...fine, databaseId: id, late: [at] }),
        ]),
      list: () => Promise.resolve([backup, elsewhere, gone]),
    },
  }
  const names = (stdout: string) =>
    namedSchema.parse(JSON.parse(stdout)).map((one) => one.database ?? one.databaseName)

  it.each([
    [[], 12, ['shop', 'trial']],
    [['--environment', 'production'], 0, ['shop']],
    [['--environment', 'development'], 0, []],
    [['--host', 'ams-1'], 0, ['shop']],
    [['--host', 'fra-1'], 12, ['trial']],
    [['--host', 'fra-1', '--environment', 'production'], 0, []],
  ])('backup status %j', async (options, code, databases) => {
    const said = await runOn({ core: both }, 'backup', 'status', '--json', ...options)
    expect(said.code).toBe(code)
    expect(names(said.stdout)).toEqual(databases)
  })

  it.each([
    [[], ['shop', 'trial', 'gone']],
    [['--environment', 'production'], ['shop']],
    [['--environment', 'development'], ['gone']],
    [
      ['--host', 'fra-1'],
      ['trial', 'gone'],
    ],
  ])('backup list %j', async (options, databases) => {
    const said = await runOn({ core: both }, 'backup', 'list', '--json', ...options)
    expect(said.code).toBe(0)
    expect(names(said.stdout)).toEqual(databases)
  })

  it.each(['status', 'list'])('backup %s refuses what there is not', async (command) => {
    const host = await runOn({ core: both }, 'backup', command, '--host', 'mars')
    expect(host).toMatchObject({ code: 3, stdout: '' })
    expect(host.stderr).toContain('The hosts are: ams-1, fra-1.')
    const wrong = await runOn({ core: both }, 'backup', command, '--environment', 'prod')
    expect(wrong).toMatchObject({ code: 2, stdout: '' })
    const none = ['--host', 'ams-1', '--environment', 'staging']
    const nothing = await runOn({ core: both }, 'backup', command, ...none)
    expect(nothing.stdout).toMatch(/^No \w+ that fit\.\n$/)
  })
})

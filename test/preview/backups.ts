import {
  backupFreshnessSchema,
  backupSchema,
  type BackupFreshness,
  type BackupView,
  type DestinationLookView,
  type TableRows,
} from '../../shared/contract/backups.ts'
import type { RestorePlan, RestoreTarget } from '../../shared/contract/restores.ts'
import type { DatabaseView } from '../../shared/contract/databases.ts'
import { localMinute } from '../../shared/local-minute.ts'
import { destinations, offSiteId, nearId } from './destinations.ts'
import { databases, id, job, now } from './data.ts'

const minute = 60_000
const hour = 60 * minute

const damaged = {
  code: 'backup_damaged',
  message: 'What was read back is not what was written.',
  hint: 'Make another backup, and look at the disk that holds this copy.',
} as const

function nameAt(destinationId: string): string {
  return destinations.find((each) => each.id === destinationId)?.name ?? ''
}

function backup(n: number, database: DatabaseView, age: number, bytes: number): BackupView {
  const createdAt = now - age
  const stamp = new Date(createdAt).toISOString().replaceAll(/[-:]/g, '').replace('T', '-')
  const base = `${database.containerName}-${stamp.slice(0, 15)}`
  const copy = (destinationId: string, late: number, more: object = {}) => ({
    destinationId,
    destinationName: nameAt(destinationId),
    name: `${database.containerName}.00000000/${base}.dump.zst.enc`,
    bytes: Math.round(bytes * 0.31),
    encrypted: true,
    createdAt: createdAt + late,
    verifiedAt: createdAt + late + minute,
    restoredAt: null,
    problem: null,
    ...more,
  })
  return backupSchema.parse({
    id: id(900 + n),
    databaseId: database.id,
    databaseName: database.name,
    environment: database.environment,
    engine: database.engine,
    hostName: database.hostName,
    createdAt,
    plainBytes: bytes,
    codec: 'zstd',
    serverVersion: '17.6',
    tables: 4,
    rows: 18_204_551 - n * 9000,
    warnings: n === 1 ? ['pg_dump: warning: there are circular foreign-key constraints'] : [],
    copies: [
      copy(nearId, 2 * minute, n === 2 ? { restoredAt: now - 100 * minute } : {}),
      ...(n % 10 < 5
        ? [copy(offSiteId, 6 * minute, n === 3 ? { verifiedAt: null, problem: damaged } : {})]
        : []),
    ],
  })
}

const [shop, sessions, staging, , ledger, , , wiki] = databases

/** Backups as they lie at the invented destinations, newest first. */
export const backups: BackupView[] = [
  ...[0, 1, 2, 3, 4].map((n) => shop && backup(n, shop, (38 + n * 60) * minute, 4.1e9 - n * 2e7)),
  sessions && backup(10, sessions, 44 * minute, 96e6),
  staging && backup(25, staging, 9 * hour, 0.6e9),
  ledger && backup(35, ledger, 26 * hour, 2.7e9),
  wiki && backup(40, wiki, 11 * hour, 0.4e9),
].filter((each) => each !== undefined)

/** What the core tells of each database. */
export const freshness: BackupFreshness[] = databases
  .filter(({ status }) => status !== 'trash' && status !== 'creating')
  .map((database, n) => {
    const newest = backups.find(({ databaseId }) => databaseId === database.id)
    return backupFreshnessSchema.parse({
      databaseId: database.id,
      newest:
        newest === undefined
          ? null
          : { id: newest.id, createdAt: newest.createdAt, verified: true },
      trend:
        newest === undefined
          ? []
          : Array.from(
              { length: 12 },
              (_, at) => newest.plainBytes * (0.9 + at * 0.008 + (at % 3) * 0.01),
            ).concat(newest.plainBytes),
      failed:
        database === ledger
          ? [
              {
                jobId: id(520),
                at: now - 2 * hour,
                destinationId: nearId,
                destinationName: nameAt(nearId),
                error: {
                  code: 'destination_full',
                  message: 'nas-attic is full.',
                  hint: 'Free at least 2.9 GB there, or choose another destination.',
                  detail: 'write ENOSPC',
                },
              },
            ]
          : database === wiki
            ? [
                {
                  jobId: id(522),
                  at: now - 5 * hour,
                  destinationId: offSiteId,
                  destinationName: nameAt(offSiteId),
                  error: {
                    code: 'destination_denied',
                    message: 'off-site does not let this login in.',
                    hint: 'Look at its credentials.',
                    detail: 'InvalidAccessKeyId',
                  },
                },
              ]
            : [],
      provenAt: database === shop ? now - 100 * minute : null,
      unproven:
        database === staging
          ? {
              jobId: id(521),
              at: now - 7 * hour,
              error: {
                code: 'restore_failed',
                message: '1 table came out with other rows than the backup says.',
                hint: 'Nothing of it was kept. Verify the backup, then restore another one.',
                detail: 'public.orders: 48, expected 51',
              },
            }
          : null,
      nextRunAt: n === 0 ? now + 22 * minute : null,
      late:
        database === sessions || database === wiki
          ? [{ destinationId: offSiteId, destinationName: nameAt(offSiteId) }]
          : [],
      vanished: [],
      jobId: null,
    })
  })

/** The last of the destinations is away. */
export const looks: DestinationLookView[] = destinations.map(({ id: destinationId, name }, n) => ({
  destinationId,
  destinationName: name,
  lookedAt: now - (n === destinations.length - 1 ? 50 : 3) * hour,
  error:
    n === destinations.length - 1
      ? { code: 'destination_unreachable', message: 'The destination does not answer.' }
      : null,
}))

export const tables: TableRows[] = [
  { schema: 'public', name: 'customers', rows: 412_003 },
  { schema: 'public', name: 'orders', rows: 3_881_204 },
  { schema: 'public', name: 'order_lines', rows: 13_902_117 },
  { schema: 'audit', name: 'events', rows: 9_227 },
]

/** As the core tells it, see electron/domain/backups/plan-restore.ts. */
export function restorePlan(target: RestoreTarget): RestorePlan {
  const of = backups[0]
  const manifest = of?.copies[0]?.name.replace(/^.*\/(.*)\.dump.*$/, '$1.manifest.json') ?? ''
  const filling = (into: string) => [
    { verb: 'send', text: '1.3 GB, hashed here and on the host' },
    { verb: 'restore', text: '4.1 GB of dump as it comes, each piece proven before' },
    { verb: 'count', text: `the rows of 4 tables in ${into}, against the manifest` },
  ]
  const opening = [
    { verb: 'read', text: manifest },
    { verb: 'check', text: 'that the backup is what was written, and that its key fits' },
  ]
  if (target.kind === 'in-place') {
    return {
      actions: [
        ...opening,
        { verb: 'back up', text: 'shop (production) as it is now, to the same destination' },
        { verb: 'verify', text: 'that safety backup, by reading it back' },
        { verb: 'create', text: 'a new logical database beside shop of shop-production-postgres' },
        ...filling('it'),
        { verb: 'rename', text: 'shop to shop_before_restore_…' },
        { verb: 'rename', text: 'the new one to shop, in the same instant' },
      ],
      warnings: [
        `What was written to shop (production) after ${localMinute(of?.createdAt ?? now)} is not in this backup. It stays in the safety backup and in the database that is kept.`,
        'Everything connected to it is cut off for a moment when the databases change places.',
        'shop is in production.',
      ],
      scratchBytes: null,
    }
  }
  const container = `${target.name}-production-postgres`
  return {
    actions: [
      ...opening,
      { verb: 'use', text: 'postgres:17, which is there already' },
      { verb: 'volume', text: `${container}-data` },
      { verb: 'create', text: container },
      { verb: '', text: '-p 127.0.0.1:5436:5432' },
      { verb: '', text: `-v ${container}-data:/var/lib/postgresql/data` },
      { verb: '', text: 'password: by file, never in arguments' },
      { verb: 'start', text: container },
      { verb: 'wait', text: 'for a login, at most 120 s' },
      {
        verb: 'restart',
        text: `${container} once it is filled: until then its settings are made for that`,
      },
      ...filling('shop'),
      { verb: 'keep', text: `${container} only if every count is the same` },
    ],
    warnings: [],
    scratchBytes: null,
  }
}

const done = (name: string, title: string, fact: string | null, ms: number) => ({
  name,
  title,
  fact,
  state: 'done',
  startedAt: now - minute,
  endedAt: now - minute + ms,
})

const openedFact = `shop of ${localMinute(now - 38 * minute)}, version 17.6, the key fits`

/** A restore that has come to its end. */
export const restoreJob = job(30, 'Restore shop as shop-restored', {
  kind: 'restore-backup',
  steps: [
    done('open', 'Open the backup', openedFact, 400),
    done('check', 'Check ams-1', '212 GB disk free, port 5436 free, name free', 300),
    done('credentials', 'Write credentials to this computer’s keychain', 'db_user_7c41f1', 90),
    done('pull', 'Pull postgres:17', 'It is there already', 20),
    done('volume', 'Make volume shop-restored-production-postgres-data', null, 60),
    done('container', 'Create and start the container', null, 800),
    done('ready', 'Wait until PostgreSQL accepts connections', 'PostgreSQL 17.6', 2900),
    done('restore', 'Check and restore', '4.1 GB restored', 41_000),
    done(
      'compare',
      'Count the rows and compare',
      '4 tables, 18,204,551 rows: as in the backup',
      900,
    ),
  ],
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { hostIdSchema } from '../../../shared/contract/hosts.ts'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import type { Clock, DatabaseRecord, HostRecord, JobRecord } from '../../domain/ports.ts'

/** For tests: a folder that is gone after the test. */
export function temporaryFolder(): { path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'quayside-store-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** For tests: a clock that stands still until it is told otherwise. */
export function standingClock(start = 1_700_000_000_000): Clock & { at: number } {
  return {
    at: start,
    now() {
      return this.at
    },
    sleep: (ms, signal) => setTimeout(ms, undefined, { signal }),
  }
}

/** For tests: a host. */
export function someHost(change: Partial<HostRecord> = {}): HostRecord {
  return {
    id: hostIdSchema.parse(crypto.randomUUID()),
    name: 'harbour',
    connection: {
      kind: 'ssh',
      address: 'harbour.example.org',
      port: 22,
      user: 'root',
      login: { kind: 'agent' },
    },
    baseDomain: null,
    dataDirectory: null,
    createdAt: 1,
    ...change,
  }
}

/** For tests: a database on that host. */
export function someDatabase(
  host: HostRecord,
  change: Partial<DatabaseRecord> = {},
): DatabaseRecord {
  return {
    id: databaseIdSchema.parse(crypto.randomUUID()),
    hostId: host.id,
    name: 'shop',
    environment: 'staging',
    engine: 'stonedb',
    version: '17',
    image: 'stonedb:17',
    containerName: 'shop-staging-stonedb',
    volumeName: 'shop-staging-stonedb-data',
    port: null,
    user: 'db_user_0a1b2c',
    database: 'shop',
    state: 'creating',
    protected: false,
    createdAt: 1,
    deletedAt: null,
    lastKnown: null,
    ...change,
  }
}

/** For tests: a job that waits and is due. */
export function someJob(change: Partial<JobRecord> = {}): JobRecord {
  return {
    id: jobIdSchema.parse(crypto.randomUUID()),
    kind: 'databases.create',
    title: 'Create shop',
    queue: 'provisioning',
    key: 'database/1',
    input: { version: '17' },
    state: 'waiting',
    undoing: null,
    cancelRequested: false,
    attempt: 0,
    runAt: 0,
    createdAt: 1,
    startedAt: null,
    endedAt: null,
    error: null,
    owner: null,
    databaseId: null,
    hostId: null,
    ...change,
  }
}

import { join } from 'node:path'
import { createClock } from '../../electron/adapters/clock/index.ts'
import { openStores } from '../../electron/adapters/sqlite/index.ts'
import { compose } from '../../electron/compose.ts'
import { labelsOf } from '../../electron/domain/databases/labels.ts'
import type { DatabaseRecord } from '../../electron/domain/ports.ts'
import { databaseIdSchema } from '../../shared/contract/databases.ts'
import type { HostId } from '../../shared/contract/hosts.ts'
import { image, version, type BenchLab } from './bench-lab.ts'

/** What is in a home: how many databases, and how many of them have a container on the host. */
export interface Filling {
  databases: number
  /** The first of the list run; a container that only sleeps stands for the server. */
  running: number
  /** The next ones are there and have never run. */
  created: number
  /** An image of servers with a user and database `shop`: then those that run are such, on their ports. */
  servers?: string
}

/** A home as after years of use, with the lab's host and its databases in it. */
export interface FilledHome {
  readonly hostId: HostId
  /** By name, as the list shows them. */
  readonly records: readonly DatabaseRecord[]
  /** Takes the containers away. */
  empty(): Promise<void>
}

const mark = 'io.quayside.bench.filling'

/** Writes the records and makes the containers that belong to them, quicker than real creates would. */
export async function fillHome(
  lab: BenchLab,
  home: string,
  { databases, running, created, servers }: Filling,
): Promise<FilledHome> {
  const core = await compose({ home, version: '0.0.0-bench' })
  const { id: hostId } = await core.hosts.add({
    name: 'bench-1',
    baseDomain: null,
    connection: lab.connection,
    acceptHostKey: lab.host.ssh.hostKeyFingerprint,
  })
  await core.close()
  const records = Array.from({ length: databases }, (_, index) => recordOf(hostId, index))
  const stores = openStores({ file: join(home, 'quayside.sqlite'), clock: createClock() })
  try {
    stores.transaction(() => {
      for (const record of records) stores.databases.insert(record)
    })
  } finally {
    stores.close()
  }
  const empty = () => lab.onHost(`docker ps -aq --filter label=${mark} | xargs -r docker rm -f`)
  const make = records
    .slice(0, running + created)
    .map((record, index) => makeContainer(record, index < running, servers))
  try {
    await lab.onHost(make.join('\n'))
  } catch (thrown) {
    await empty()
    throw thrown
  }
  return {
    hostId,
    records,
    async empty() {
      await empty()
    },
  }
}

function recordOf(hostId: HostId, index: number): DatabaseRecord {
  const name = `shop-${String(index).padStart(4, '0')}`
  const environments = ['production', 'staging', 'development'] as const
  return {
    id: databaseIdSchema.parse(crypto.randomUUID()),
    hostId,
    name,
    environment: environments[index % 3] ?? 'development',
    engine: 'postgres',
    version,
    image,
    containerName: `quayside-${name}`,
    volumeName: `quayside-${name}`,
    port: 20_000 + index,
    user: 'shop',
    database: 'shop',
    state: 'ready',
    protected: false,
    createdAt: 1_700_000_000_000 + index,
    deletedAt: null,
    lastKnown: null,
  }
}

function makeContainer(record: DatabaseRecord, running: boolean, servers?: string): string {
  const labels = Object.entries({ ...labelsOf(record), [mark]: '1' })
  const options = labels.map(([name, value]) => `--label '${name}=${value}'`).join(' ')
  const named = `--name ${record.containerName} ${options}`
  if (running && servers !== undefined) {
    return `docker run -d -p 127.0.0.1:${record.port}:5432 ${named} ${servers}`
  }
  const rest = `--network none ${named} --entrypoint sleep ${image} infinity`
  return running ? `docker run -d ${rest}` : `docker create ${rest}`
}

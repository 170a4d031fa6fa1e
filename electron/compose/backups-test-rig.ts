import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { writeManifest, type BackupManifest } from '../../shared/backup-manifest.ts'
import { destinationIdSchema, type DestinationId } from '../../shared/contract/destinations.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { QuaysideError } from '../../shared/errors.ts'
import {
  someDatabase,
  someHost,
  standingClock,
  temporaryFolder,
} from '../adapters/sqlite/fixtures.ts'
import { openStores } from '../adapters/sqlite/index.ts'
import { destinationKinds } from '../destinations/index.ts'
import { copyRecord } from '../domain/backups/keep-copy.ts'
import { namesOf } from '../domain/backups/view-backup.ts'
import { createEngines } from '../domain/engines.ts'
import { createEventBus } from '../domain/event-bus.ts'
import { createHostRegistry } from '../domain/hosts/host-registry.ts'
import { createJobWorker } from '../domain/jobs/job-worker.ts'
import { createJobs } from '../domain/jobs/jobs.ts'
import type { CopyRecord } from '../domain/ports.ts'
import { composeBackups } from './backups.ts'
import { silentLog } from '../domain/silent-log.ts'

function never(): never {
  throw new Error('this is not asked here')
}

/**
 * For tests: all of backups over real stores, a real worker and destinations in folders; no host. Jobs
 * run from `work` on. A destination that is away throws what `away` says for it.
 */
export function backupsTestRig(at = 1_750_000_000_000) {
  const folder = temporaryFolder()
  const clock = standingClock(at)
  const stores = openStores({ file: join(folder.path, 'quayside.db'), clock })
  const bus = createEventBus(silentLog)
  const away = new Map<DestinationId, ErrorCode>()
  const host = someHost()
  const database = someDatabase(host, { state: 'ready' })
  stores.hosts.insert(host)
  stores.databases.insert(database)

  const addDestination = (name: string): DestinationId => {
    const id = destinationIdSchema.parse(crypto.randomUUID())
    mkdirSync(join(folder.path, name))
    stores.destinations.insert({
      id,
      name,
      kind: 'any',
      config: { folder: join(folder.path, name) },
      secretNames: [],
      createdAt: 1,
      lastCheck: null,
      marker: 'none',
    })
    return id
  }
  const beforeOpen: (() => void)[] = []
  const openDestination = (id: DestinationId) => {
    beforeOpen.shift()?.()
    const code = away.get(id)
    const [kind] = destinationKinds
    const record = stores.destinations.get(id)
    if (code !== undefined) return Promise.reject(new QuaysideError(code, 'It is away.'))
    if (kind === undefined || record === null) throw new Error('there is no such destination')
    return Promise.resolve(kind.open(record.config, {}, { volumes: { at: never } }))
  }
  const deps = {
    stores,
    clock,
    publish: bus.publish,
    openDestination,
    log: silentLog,
    registry: createHostRegistry({
      stores,
      publish: bus.publish,
      connector: {
        open: never,
        check: never,
        runner: never,
        suggestions: never,
        trustHostKey: never,
      },
    }),
    engines: createEngines([]),
    secrets: {
      status: never,
      get: () => Promise.resolve(null),
      set: never,
      delete: never,
      createVault: never,
      unlockVault: never,
      settle: () => Promise.resolve(),
    },
    version: '0.0.0-test',
    temporary: folder.path,
    clipboard: null,
    files: null,
  }
  const parts = composeBackups(deps)
  const definitions = new Map(parts.kinds.map((kind) => [kind.kind, kind]))
  const worker = createJobWorker(
    {
      stores,
      clock,
      log: silentLog,
      publish: bus.publish,
      random: () => 0,
      onStep: () => undefined,
    },
    definitions,
  )
  // What is enqueued stays as it is until `work`: then all of it is taken.
  const held = { ...worker, take: () => undefined }
  const jobs = createJobs({
    stores,
    clock,
    publish: bus.publish,
    worker: held,
    definitions,
    onChange: (listener) => bus.subscribe(listener),
  })

  /** Lays a backup of the database down at a destination, as one that was made there. */
  const lay = (destinationId: DestinationId, madeAt: number, id: string = crypto.randomUUID()) => {
    const content = Buffer.from(`a dump of ${madeAt}`)
    const roles = Buffer.from('{}\n')
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    const both = { bytes: content.length, sha256: sha256(content) }
    const bare: BackupManifest = {
      format: 'quayside-backup',
      version: 1,
      id,
      createdAt: new Date(madeAt).toISOString(),
      database: {
        id: database.id,
        name: database.name,
        environment: database.environment,
        engine: database.engine,
        container: database.containerName,
        host: host.name,
        serverVersion: '17.5',
        image: database.image,
        imageId: 'sha256:1',
        logicalName: database.database,
        user: database.user,
      },
      dump: {
        tool: 'a tool',
        format: 'custom',
        codec: 'none',
        compressedAt: 'here',
        plainBytes: both.bytes,
        plainSha256: both.sha256,
        compressedBytes: both.bytes,
        compressedSha256: both.sha256,
      },
      object: { name: 'x', ...both, encryption: null },
      companions: [],
      tables: [],
      warnings: [],
      seal: null,
      madeBy: { quayside: '0.0.0-test', schedule: true },
    }
    const names = namesOf(bare)
    const last = (name: string): string => name.slice(name.lastIndexOf('/') + 1)
    const companion = { bytes: roles.length, sha256: sha256(roles) }
    const manifest: BackupManifest = {
      ...bare,
      object: { ...bare.object, name: last(names.dump) },
      companions: [{ kind: 'roles', name: last(names.roles), ...companion }],
    }
    const root = String(stores.destinations.get(destinationId)?.config['folder'])
    mkdirSync(dirname(join(root, names.dump)), { recursive: true })
    writeFileSync(join(root, names.dump), content)
    writeFileSync(join(root, names.roles), roles)
    writeFileSync(join(root, names.manifest), writeManifest(manifest))
    const copy: CopyRecord = { ...copyRecord(manifest, destinationId, madeAt), madeHere: true }
    stores.backups.put(copy)
    return { copy, files: [names.manifest, names.dump, names.roles].map((one) => join(root, one)) }
  }

  const services = parts.serve(jobs)
  return {
    stores,
    clock,
    database,
    away,
    /** What happens right before a destination is opened: the first for the first time, and so on. */
    beforeOpen,
    addDestination,
    lay,
    openDestination,
    ...services,
    /** Runs what waits, from now on. */
    work: () => worker.takeAll(),
    look: () => worker.wake(),
    close: async () => {
      await services.looks.stop()
      await worker.stop()
      stores.close()
      folder[Symbol.dispose]()
    },
  }
}

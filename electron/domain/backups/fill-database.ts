import type { Duplex } from 'node:stream'
import type { Destination } from '../../destinations/destination.ts'
import type { Engine } from '../../engines/engine.ts'
import type { BackupSession, RestorePhase, TableRows } from '../../engines/engine-backup.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { generatePassword } from '../databases/credentials.ts'
import { isFolder } from '../databases/data-folder.ts'
import { hostOf, type DatabaseJobInput } from '../databases/database-job.ts'
import { loginMs, loginOf, portOf } from '../databases/server.ts'
import type { StepContext } from '../jobs/job-definition.ts'
import type { Bulk, CopyRecord } from '../ports.ts'
import { jobLabel, taskLabels, withDestination, type BackupJobDeps } from './backup-job.ts'
import { readCompanion, type Companion } from './companion.ts'
import { feedRestore } from './feed-restore.ts'
import { trustOf } from './open-copy.ts'
import { readRoles } from './read-back.ts'
import { renameOwner } from './rename-owner.ts'
import { besideServer, type ServerUp } from './server-up.ts'
import { judged, readBackDeps } from './verify-copy.ts'

/** A server that is there to be filled, and how one logs in to it. */
export interface FillServer {
  engine: Engine
  containerId: string
  imageId: string
  user: string
  password: string
  /** As in `SessionLogin`. */
  version: string | undefined
  /** A stream to its port. */
  connect: (signal: AbortSignal) => Promise<Duplex>
  /** What the data takes on Docker's disk, for each byte of its dump; 0 where it lies elsewhere. */
  dataRoom: number
}

/** A server of ours, one of whose logical databases is filled. */
export interface FillTarget extends DatabaseJobInput {
  jobId: JobId
  /** The logical database; made anew at each try. */
  logicalName: string
  /** Stands on the roles that are made for it, where the server is not thrown away with them. */
  roleMark?: string | undefined
}

type Filled = Pick<FillTarget, 'jobId' | 'databaseId' | 'logicalName' | 'roleMark'>

/** What a face is told while the task works. */
export const phaseTexts: Readonly<Record<RestorePhase, string>> = {
  receiving: 'Sending',
  checking: 'Checking the dump on the host',
  restoring: 'Restoring',
  indexing: 'Making indexes and constraints',
  done: 'Restored',
}

/**
 * Makes a logical database anew and restores a copy into it, with its roles, settings and grants. What
 * a try that was cut has left behind goes first.
 * @throws QuaysideError as `feedRestore`
 */
export async function fillDatabase(
  deps: BackupJobDeps,
  copy: CopyRecord,
  target: FillTarget,
  step: StepContext,
): Promise<void> {
  const { signal } = step
  const docker = (await hostOf(deps, target, signal)).docker()
  await docker.removeTasks(jobLabel(target.jobId), { signal })
  await besideServer(deps, target, { signal, start: true }, async (up) => {
    const server = await serverOf(deps, up)
    const bulk = await up.host.bulk(signal)
    try {
      await fillServer(deps, copy, target, { server, bulk, step })
    } finally {
      await bulk.close()
    }
  })
}

interface Filling {
  server: FillServer
  bulk: Bulk
  step: StepContext
}

/**
 * As `fillDatabase`, in a server that accepts connections.
 * @param target its database's id stands on the task's container
 */
export function fillServer(
  deps: BackupJobDeps,
  copy: CopyRecord,
  target: Filled,
  filling: Filling,
): Promise<void> {
  return withDestination(deps, copy.destinationId, (destination) =>
    judged(deps, copy, () => fill(deps, copy, target, { ...filling, destination })),
  )
}

async function fill(
  deps: BackupJobDeps,
  copy: CopyRecord,
  target: Filled,
  { server, bulk, destination, step }: Filling & { destination: Destination },
): Promise<void> {
  const { signal } = step
  const { manifest } = copy
  const { engine, user, password, version } = server
  const { logicalName, roleMark: mark } = target
  const maintenance = engine.backup.maintenanceFor(logicalName)
  const reading = readBackDeps(deps, copy)
  const trust = trustOf(copy)
  const foreign = trust === 'foreign'
  const text = await readRoles(reading, destination, manifest, signal)
  const beside = text === null ? null : readCompanion(text)
  const within = <T>(database: string, work: (session: BackupSession) => Promise<T>): Promise<T> =>
    inSession(server, database, signal, work)

  const importer = foreign ? { user: importerOf(target.jobId), password: generatePassword() } : null
  const owner = manifest.database.user
  const { lost, trusted, standsIn } = await within(maintenance, async (session) => {
    await session.dropDatabase(logicalName)
    const needsOwner = !foreign && owner !== user
    const standsIn = needsOwner && (await session.createStandIn(owner))
    const fitting = beside !== null && standsIn ? renameOwner(beside, owner, user) : beside
    // What nobody vouches for says nothing of who may do what here.
    const trusted = foreign ? null : fitting
    const lost =
      trusted === null
        ? []
        : await session.applyRoles(trusted.roles, { except: [owner, user], mark })
    await session.createDatabase(logicalName, fitting?.database ?? null)
    if (importer !== null) {
      await session.createImporter(importer.user, importer.password, logicalName)
    }
    return { lost, trusted, standsIn }
  })

  if (importer !== null) {
    const extensions = beside?.database.extensions ?? []
    await within(logicalName, (session) =>
      session.createExtensions(extensions, importer.user, { mayLeadOut: false }),
    )
  }

  const total = manifest.object.bytes
  const flowing = phaseTexts[trust === 'sealed' ? 'restoring' : 'receiving']
  const warnings = await feedRestore(
    { ...reading, bulk },
    {
      engine,
      manifest,
      destination,
      trust,
      target: engine.backup.beside({
        ...(importer ?? { user, password, version }),
        database: logicalName,
      }),
      name: `quayside-restore-${target.jobId}`,
      labels: taskLabels(target.jobId, target.databaseId),
      imageId: server.imageId,
      containerId: server.containerId,
      roomBytes: manifest.dump.plainBytes * (server.dataRoom + (trust === 'sealed' ? 0 : 1)),
    },
    {
      signal,
      onFlow: ({ bytes, bytesPerSecond }) =>
        step.progress({ bytes, totalBytes: total, bytesPerSecond, text: flowing }),
      onPhase: (phase) => step.progress({ text: phaseTexts[phase] }),
    },
  )

  lost.push(...(await applyWhole(within, maintenance, logicalName, trusted)))
  if (trusted !== null) {
    const how = { owner: user, mark }
    lost.push(...(await within(logicalName, (session) => session.settleRoles(trusted.roles, how))))
  }
  if (standsIn) {
    lost.push(...(await within(logicalName, (session) => session.settleStandIn(owner, user))))
  }
  step.fact(factOf(manifest.dump.plainBytes, foreign, [...lost, ...warnings]))
}

/** After the content: a setting that a database has may keep it from being filled. */
async function applyWhole(
  within: <T>(database: string, work: (session: BackupSession) => Promise<T>) => Promise<T>,
  maintenance: string,
  logicalName: string,
  companion: Companion | null,
): Promise<string[]> {
  if (companion === null) return []
  const { database, roles } = companion
  return within(maintenance, (session) => session.applyDatabase(logicalName, database, roles))
}

/** The rows of every table of one of our logical databases. */
export async function countRows(
  deps: BackupJobDeps,
  target: Omit<FillTarget, 'jobId'>,
  signal: AbortSignal,
): Promise<TableRows[]> {
  const within = { database: target.logicalName, signal }
  return withServer(deps, target, within, (session) => session.tables())
}

interface WithServer {
  signal: AbortSignal
  /** The logical database; the one to work on others from where left out. */
  database?: string
  /** Whether a server that has stopped is started, as work that was begun in it goes on; true where left out. */
  start?: boolean
}

/** A session in a logical database of one of our servers. */
export async function withServer<T>(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  { signal, database, start = true }: WithServer,
  work: (session: BackupSession) => Promise<T>,
): Promise<T> {
  return besideServer(deps, target, { signal, start }, async (up) => {
    const server = await serverOf(deps, up)
    const { backup } = server.engine
    return inSession(server, database ?? backup.maintenanceFor(up.record.database), signal, work)
  })
}

/**
 * The rows of every table of one that was filled by an importer. Already the plan of a query may run
 * what a table brings along, so the importer counts, and keeps all of it: it is no superuser.
 */
export async function countForeign(
  deps: BackupJobDeps,
  target: FillTarget,
  signal: AbortSignal,
): Promise<TableRows[]> {
  const { jobId, logicalName } = target
  return besideServer(deps, target, { signal, start: true }, async (up) => {
    const server = await serverOf(deps, up)
    const tables = await countAsImporter(server, target, signal)
    await inSession(server, logicalName, signal, (session) =>
      session.settleImporter(importerOf(jobId), server.user, logicalName),
    )
    return tables
  })
}

/** As `countForeign`, in a server that accepts connections; the importer keeps the logical database too. */
export async function countAsImporter(
  server: FillServer,
  { jobId, logicalName }: Pick<FillTarget, 'jobId' | 'logicalName'>,
  signal: AbortSignal,
): Promise<TableRows[]> {
  const importer = { user: importerOf(jobId), password: generatePassword() }
  const maintenance = server.engine.backup.maintenanceFor(logicalName)
  await inSession(server, maintenance, signal, (session) =>
    session.createImporter(importer.user, importer.password, logicalName, { seesEveryRow: true }),
  )
  const way = { ...server, ...importer, version: undefined }
  return inSession(way, logicalName, signal, (session) => session.tables())
}

/** Whom all of it belongs to then, as a step's outcome. */
export function ownedBy(jobId: JobId): string {
  return `it belongs to “${importerOf(jobId)}”, which has the database’s password and is no superuser`
}

/** The role that fills a database from what nobody vouches for, and owns what is in it. */
export function importerOf(jobId: JobId): string {
  return `imported_${jobId.replaceAll('-', '').slice(0, 12)}`
}

/** A session in one of a server's logical databases, closed in any case. */
export async function inSession<T>(
  {
    engine,
    user,
    password,
    version,
    connect,
  }: Pick<FillServer, 'engine' | 'user' | 'password' | 'version' | 'connect'>,
  database: string,
  signal: AbortSignal,
  work: (session: BackupSession) => Promise<T>,
): Promise<T> {
  const stream = await connect(signal)
  const login = { stream, user, password, database, version, timeoutMs: loginMs }
  const session = await engine.backup.openSession(login, signal)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

async function serverOf(
  { engines, secrets }: Pick<BackupJobDeps, 'engines' | 'secrets'>,
  { host, record, containerId, imageId }: ServerUp,
): Promise<FillServer> {
  const { user, password, version } = await loginOf(secrets, record)
  return {
    engine: engines.get(record.engine),
    containerId,
    imageId,
    dataRoom: isFolder(record.volumeName) ? 0 : 1,
    user,
    password,
    version,
    connect: (signal) => host.forward(portOf(record), signal),
  }
}

function factOf(plainBytes: number, foreign: boolean, unkept: readonly string[]): string {
  return [
    `${formatBytes(plainBytes)} restored`,
    ...(foreign ? ['without owners and grants, as it is of unknown origin'] : []),
    ...unkept,
  ].join('; ')
}

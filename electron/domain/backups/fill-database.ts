import type { Destination } from '../../destinations/destination.ts'
import type { BackupSession, Engine, RestorePhase, TableRows } from '../../engines/engine.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { generatePassword } from '../databases/credentials.ts'
import { hostOf, type DatabaseJobInput } from '../databases/database-job.ts'
import { loginMs, passwordOf, portOf } from '../databases/server.ts'
import type { StepContext } from '../jobs/job-definition.ts'
import type { Bulk, CopyRecord, DatabaseRecord, Host } from '../ports.ts'
import { jobLabel, taskLabels, withDestination, type BackupJobDeps } from './backup-job.ts'
import { readCompanion, type Companion } from './companion.ts'
import { feedRestore } from './feed-restore.ts'
import { isForeign } from './open-copy.ts'
import { readRoles } from './read-back.ts'
import { besideServer, type ServerUp } from './server-up.ts'
import { judged, readBackDeps } from './verify-copy.ts'

/** A server of ours, one of whose logical databases is filled. */
export interface FillTarget extends DatabaseJobInput {
  jobId: JobId
  /** The logical database; made anew at each try. */
  logicalName: string
}

/** What a face is told while the task works. */
export const phaseTexts: Readonly<Record<RestorePhase, string>> = {
  receiving: 'Sending',
  checking: 'Checking the dump on the host',
  restoring: 'Restoring',
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
  await besideServer(deps, target, { signal, start: true }, async (server) => {
    const bulk = await server.host.bulk(signal)
    try {
      await withDestination(deps, copy.destinationId, (destination) =>
        judged(deps, copy, () => fill(deps, copy, target, { ...server, bulk, destination, step })),
      )
    } finally {
      await bulk.close()
    }
  })
}

interface Filling extends ServerUp {
  bulk: Bulk
  destination: Destination
  step: StepContext
}

async function fill(
  deps: BackupJobDeps,
  copy: CopyRecord,
  target: FillTarget,
  filling: Filling,
): Promise<void> {
  const { record, host, bulk, destination, step } = filling
  const { signal } = step
  const { manifest } = copy
  const engine = deps.engines.get(record.engine)
  const { maintenanceDatabase } = engine.backup
  const { logicalName } = target
  const reading = readBackDeps(deps, copy)
  const foreign = isForeign(deps, copy)
  const text = await readRoles(reading, destination, manifest, signal)
  const beside = text === null ? null : readCompanion(text)
  // What nobody vouches for says nothing of who may do what here.
  const trusted = foreign ? null : beside
  const login = await loginOf(deps, record)
  const within = <T>(database: string, work: (session: BackupSession) => Promise<T>): Promise<T> =>
    inSession({ engine, host, record, ...login }, database, signal, work)

  const importer = foreign ? { user: importerOf(target.jobId), password: generatePassword() } : null
  const lost = await within(maintenanceDatabase, async (session) => {
    await session.dropDatabase(logicalName)
    const unkept =
      trusted === null ? [] : await session.applyRoles(trusted.roles, [manifest.database.user])
    await session.createDatabase(logicalName, beside?.database ?? null)
    if (importer !== null) {
      await session.createImporter(importer.user, importer.password, logicalName)
    }
    return unkept
  })

  const total = manifest.object.bytes
  const warnings = await feedRestore(
    { ...reading, bulk },
    {
      ...{ engine, manifest, destination, foreign },
      target: engine.backup.beside({ ...login, ...importer, database: logicalName }),
      name: `quayside-restore-${target.jobId}`,
      labels: taskLabels(target.jobId, record.id),
      imageId: filling.imageId,
      containerId: filling.containerId,
    },
    {
      signal,
      onFlow: ({ bytes, bytesPerSecond }) =>
        step.progress({ bytes, totalBytes: total, bytesPerSecond, text: phaseTexts.receiving }),
      onPhase: (phase) => step.progress({ text: phaseTexts[phase] }),
    },
  )

  if (importer !== null) {
    await within(logicalName, (session) => session.dropImporter(importer.user, login.user))
  }
  lost.push(...(await applyWhole(within, maintenanceDatabase, logicalName, trusted)))
  step.fact(factOf(manifest.dump.plainBytes, foreign, [...lost, ...warnings]))
}

/** After the content: a setting that a database has may keep it from being filled. */
async function applyWhole(
  within: <T>(database: string, work: (session: BackupSession) => Promise<T>) => Promise<T>,
  maintenanceDatabase: string,
  logicalName: string,
  companion: Companion | null,
): Promise<string[]> {
  if (companion === null) return []
  const { database, roles } = companion
  return within(maintenanceDatabase, (session) =>
    session.applyDatabase(logicalName, database, roles),
  )
}

/** The rows of every table of one of our logical databases. */
export async function countRows(
  deps: BackupJobDeps,
  target: Omit<FillTarget, 'jobId'>,
  signal: AbortSignal,
): Promise<TableRows[]> {
  return withServer(deps, target, target.logicalName, signal, (session) => session.tables())
}

/**
 * A session in a logical database of one of our servers; null is the one to work on others from.
 * @param start whether one that has stopped is started: work that was begun in it goes on
 */
export async function withServer<T>(
  deps: BackupJobDeps,
  target: DatabaseJobInput,
  database: string | null,
  signal: AbortSignal,
  work: (session: BackupSession) => Promise<T>,
  { start = true }: { start?: boolean } = {},
): Promise<T> {
  return besideServer(deps, target, { signal, start }, async ({ host, record }) => {
    const engine = deps.engines.get(record.engine)
    const login = await loginOf(deps, record)
    const name = database ?? engine.backup.maintenanceDatabase
    return inSession({ engine, host, record, ...login }, name, signal, work)
  })
}

/** The role that fills a database from what nobody vouches for; there only meanwhile. */
export function importerOf(jobId: JobId): string {
  return `quayside_import_${jobId.replaceAll('-', '').slice(0, 12)}`
}

interface Server {
  engine: Engine
  host: Host
  record: DatabaseRecord
  user: string
  password: string
}

async function inSession<T>(
  { engine, host, record, user, password }: Server,
  database: string,
  signal: AbortSignal,
  work: (session: BackupSession) => Promise<T>,
): Promise<T> {
  const stream = await host.forward(portOf(record), signal)
  const login = { stream, user, password, database, timeoutMs: loginMs }
  const session = await engine.backup.openSession(login, signal)
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}

async function loginOf(
  { secrets }: Pick<BackupJobDeps, 'secrets'>,
  record: DatabaseRecord,
): Promise<{ user: string; password: string }> {
  return { user: record.user, password: await passwordOf(secrets, record) }
}

function factOf(plainBytes: number, foreign: boolean, unkept: readonly string[]): string {
  return [
    `${formatBytes(plainBytes)} restored`,
    ...(foreign ? ['without owners and grants, as it is of unknown origin'] : []),
    ...unkept,
  ].join('; ')
}

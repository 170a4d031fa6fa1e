import type { CreateDatabaseInput } from '../../../shared/contract/databases.ts'
import type { RestorePlan } from '../../../shared/contract/restores.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { environmentLabels, fullName, nameOnHost } from '../../../shared/names.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { localMinute } from '../../../shared/local-minute.ts'
import type { Replication } from '../../engines/engine-backup.ts'
import { planCreate } from '../databases/plan-create.ts'
import type { CopyRecord, DatabaseRecord } from '../ports.ts'
import type { BackupJobDeps } from './backup-job.ts'
import { loginOf, portOf } from '../databases/server.ts'
import { callHost } from '../hosts/call-host.ts'
import { inSession } from './fill-database.ts'
import { identityOf, isForeign, trustOf } from './open-copy.ts'
import { worthQuickFill } from './quick-fill.ts'
import { namesOf } from './view-backup.ts'

/** Of what nobody vouches for. */
export const belongings =
  'All of it belongs to a role of its own, imported_…, that is no superuser and has the same password: log programs in as that, as what a superuser’s queries touch runs as the superuser.'

/** How long a look at the live database may take, milliseconds. */
const lookMs = 15_000

type Action = RestorePlan['actions'][number]

/** Exactly what a restore into a new database would do; throws as `planCreate`. */
export async function planNew(
  deps: BackupJobDeps,
  copy: CopyRecord,
  request: CreateDatabaseInput & { image: string; containerName: string; volumeName: string },
  signal?: AbortSignal,
): Promise<RestorePlan> {
  const create = await planCreate(deps, request, signal)
  const { database } = copy.manifest
  const warnings = [...warningsOf(copy)]
  if (request.environment !== database.environment) {
    warnings.push(
      `The backup is of ${environmentLabels[database.environment]}, the new database is for ${environmentLabels[request.environment]}.`,
    )
  }
  return {
    actions: [
      ...opening(copy),
      ...create.actions,
      ...(worthQuickFill(copy.manifest.dump.plainBytes)
        ? [
            {
              verb: 'restart',
              text: `${request.containerName} once it is filled: until then its settings are made for that`,
            },
          ]
        : []),
      ...filling(copy, identityOf(deps.engines.get(request.engine), copy).database),
      { verb: 'keep', text: `${request.containerName} only if every count is the same` },
    ],
    warnings,
    scratchBytes: scratchOf(copy),
  }
}

/** Exactly what a restore in the place of a database would do. */
export async function planInPlace(
  deps: BackupJobDeps,
  copy: CopyRecord,
  record: DatabaseRecord,
  signal?: AbortSignal,
): Promise<RestorePlan> {
  const { database, createdAt } = copy.manifest
  const handsOver = !isForeign(copy) && database.user !== record.user
  const warnings = [
    `What was written to ${fullName(record)} after ${localMinute(Date.parse(createdAt))} is not in this backup. It stays in the safety backup and in the database that is kept.`,
    'Everything connected to it is cut off for a moment when the databases change places.',
    ...warningsOf(copy),
    ...(isForeign(copy) ? [] : [runsAsSuperuser(record)]),
    ...(await replicationOf(deps, record, signal)),
  ]
  if (database.id !== record.id) {
    warnings.push(
      `The backup is of another database: ${nameOnHost({ name: database.name, environment: database.environment, hostName: database.host })}.`,
    )
  }
  if (record.environment === 'production') warnings.push(`${record.name} is in production.`)
  return {
    actions: [
      ...opening(copy),
      { verb: 'back up', text: `${fullName(record)} as it is now, to the same destination` },
      { verb: 'verify', text: 'that safety backup, by reading it back' },
      {
        verb: 'create',
        text: `a new logical database beside ${record.database} of ${record.containerName}`,
      },
      ...filling(copy, 'it'),
      ...(handsOver
        ? [{ verb: 'give', text: `what ${database.user} owned to ${record.user}` }]
        : []),
      { verb: 'rename', text: `${record.database} to ${record.database}_before_restore_…` },
      { verb: 'rename', text: `the new one to ${record.database}, in the same instant` },
    ],
    warnings,
    scratchBytes: scratchOf(copy),
  }
}

/** A dump's rows are checked by functions of its own, as whoever restores them. */
function runsAsSuperuser({ user }: DatabaseRecord): string {
  return `Code in its tables (checks, functions in indexes) runs as ${user}, a superuser of this server, while it is restored. Unless you trust every role that could change them, restore it as a new database.`
}

/** What of a replication stays with the old data, as only its server can say. */
async function replicationOf(
  { registry, engines, secrets }: BackupJobDeps,
  record: DatabaseRecord,
  signal?: AbortSignal,
): Promise<string[]> {
  const engine = engines.get(record.engine)
  try {
    const call = { id: record.hostId, withinMs: lookMs, signal }
    const found = await callHost(registry, call, async (host, within) => {
      const login = await loginOf(secrets, record)
      const connect = (over: AbortSignal) => host.forward(portOf(record), over)
      const way = { engine, ...login, connect }
      return inSession(way, record.database, within, (session) => session.replication())
    })
    return replicationWarnings(found)
  } catch (thrown) {
    if (!(thrown instanceof QuaysideError)) throw thrown
    return [`Whether it takes part in a replication could not be looked at: ${thrown.message}`]
  }
}

/** What a replication needs that a restore in place does not do. */
export function replicationWarnings({ subscriptions, slots }: Replication): string[] {
  return [
    ...(subscriptions.length === 0
      ? []
      : [
          `It subscribes to another server by ${subscriptions.join(', ')}. That is disabled in the data that is kept, and the other server keeps its log for it until it is dropped there (DROP SUBSCRIPTION) or enabled again.`,
        ]),
    ...(slots.length === 0
      ? []
      : [
          `Its changes are read by the replication slots ${slots.join(', ')}. They stay with the data that is kept and hold the server’s log, until its disk is full: drop them afterwards (SELECT pg_drop_replication_slot('…')), and begin anew from the restored data.`,
        ]),
  ]
}

function opening({ manifest }: CopyRecord): Action[] {
  const key = manifest.object.encryption === null ? '' : ', and that its key fits'
  return [
    { verb: 'read', text: namesOf(manifest).manifest },
    { verb: 'check', text: `that the backup is what was written${key}` },
  ]
}

function filling(copy: CopyRecord, into: string): Action[] {
  const { object, dump, tables } = copy.manifest
  const plain = formatBytes(dump.plainBytes)
  return [
    { verb: 'send', text: `${formatBytes(object.bytes)}, hashed here and on the host` },
    // One of ours was parsed as it was made.
    {
      sealed: { verb: 'restore', text: `${plain} of dump as it comes, each piece proven before` },
      known: { verb: 'restore', text: `${plain} of dump, once it is whole there` },
      foreign: { verb: 'parse', text: `${plain} of dump to its end, then restore it` },
    }[trustOf(copy)],
    { verb: 'count', text: `the rows of ${tables.length} tables in ${into}, against the manifest` },
  ]
}

/** The dump is kept on the host unless it is restored as it comes. */
function scratchOf(copy: CopyRecord): number | null {
  return trustOf(copy) === 'sealed' ? null : copy.manifest.dump.plainBytes
}

function warningsOf(copy: CopyRecord): string[] {
  const warnings = []
  if (copy.problem !== null) warnings.push(`This copy: ${copy.problem.message}`)
  else if (copy.verifiedAt === null)
    warnings.push('This copy was never read back since it was made.')
  if (isForeign(copy)) {
    warnings.push(
      `Nothing proves who wrote this backup: this installation did not make it, and without encryption it has no seal. It is restored by a role that may do nothing outside the new database; owners and grants are left out. ${belongings}`,
    )
  }
  return warnings
}

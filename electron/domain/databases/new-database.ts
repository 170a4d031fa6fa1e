import { randomUUID } from 'node:crypto'
import { databaseIdSchema, type CreateDatabaseInput } from '../../../shared/contract/databases.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import { QuaysideError, fromErrorData } from '../../../shared/errors.ts'
import { containerName, logicalDatabaseName, volumeName } from '../../../shared/names.ts'
import type { Host } from '../ports.ts'
import type { CreateJobInput } from './create-database.ts'
import { generateUser } from './credentials.ts'
import type { DatabaseJobDeps } from './database-job.ts'

/**
 * The new database that is asked for, once nothing is known that stands against it: what does is told
 * at once, beside the form, before anything is made.
 * @throws QuaysideError what `checkedCreate` and `refuseUnusable` throw, and why the keychain can't be used
 */
export async function newDatabase(
  deps: DatabaseJobDeps,
  input: CreateDatabaseInput,
): Promise<CreateJobInput> {
  const checked = checkedCreate(deps, input)
  refuseUnusable(deps, input)
  const { error } = await deps.secrets.status()
  if (error !== null) throw fromErrorData(error)
  const { hostId, name, environment } = input
  return {
    ...checked,
    databaseId: databaseIdSchema.parse(randomUUID()),
    user: generateUser(),
    database: logicalDatabaseName(name),
    createdAt: deps.clock.now(),
    about: { hostName: deps.registry.record(hostId).name, environment },
  }
}

/** What follows from a valid request: names, image. Throws where the request can't be met. */
export function checkedCreate(
  deps: DatabaseJobDeps,
  input: CreateDatabaseInput,
): { containerName: string; volumeName: string; image: string } & CreateDatabaseInput {
  const engine = deps.engines.get(input.engine)
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/.test(input.version)) {
    throw new QuaysideError('invalid_input', `“${input.version}” is not a version.`, {
      hint: `Choose one of: ${engine.info.versions.map((known) => known.version).join(', ')}.`,
      field: 'version',
    })
  }
  if (engine.reservedDatabases.includes(logicalDatabaseName(input.name))) {
    throw new QuaysideError('invalid_input', `“${input.name}” is a database of the server’s own.`, {
      hint: 'Choose another name.',
      field: 'name',
    })
  }
  const { image } = engine.server({ ...input, user: '', password: '', database: '' })
  const taken = deps.stores.databases
    .list()
    .find((one) => one.hostId === input.hostId && one.containerName === containerName(input))
  if (taken !== undefined) {
    const host = deps.registry.record(input.hostId).name
    throw new QuaysideError('name_taken', `${host} has a database of that name already.`, {
      hint: 'Choose another name or another environment.',
      field: 'name',
    })
  }
  const { dataDirectory } = deps.registry.record(input.hostId)
  return {
    ...input,
    containerName: containerName(input),
    volumeName:
      dataDirectory === null ? volumeName(input) : `${dataDirectory}/${containerName(input)}`,
    image,
  }
}

/** A host that needs the user first is told at once, instead of by a job that waits. */
export function refuseUnusable(
  deps: { registry: { get(id: HostId): Pick<Host, 'status'> } },
  input: Pick<CreateDatabaseInput, 'hostId'>,
): void {
  const { status } = deps.registry.get(input.hostId)
  if ((status.state === 'refused' || status.state === 'key-changed') && status.error !== null) {
    throw fromErrorData({ ...status.error, field: 'hostId' })
  }
}

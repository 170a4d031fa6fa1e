import { QuaysideError } from '../../../shared/errors.ts'
import type { DatabaseRecord, Docker, Host } from '../ports.ts'
import { folderTaken, isFolder } from './data-folder.ts'
import { belongsTo } from './labels.ts'

/**
 * Looks whether a database that is not there yet could have these names on a host.
 * @throws QuaysideError `name_taken`
 */
export async function refuseTakenNames(
  host: Host,
  { containerName, volumeName }: { containerName: string; volumeName: string },
  signal: AbortSignal,
): Promise<void> {
  const docker = host.docker()
  const folder = isFolder(volumeName)
  const [container, volume, folderThere] = await Promise.all([
    docker.inspectContainer(containerName, { signal }),
    folder ? Promise.resolve(null) : docker.inspectVolume(volumeName, { signal }),
    // Only as far as this user sees it; the create itself looks as root.
    folder ? host.exec(['test', '-e', volumeName], { signal }) : Promise.resolve(null),
  ])
  if (container !== null) {
    throw new QuaysideError('name_taken', `The container ${containerName} exists already.`, {
      hint: 'Choose another name, or rename or remove that container.',
      field: 'name',
    })
  }
  if (volume !== null) throw volumeTaken(volumeName)
  if (folderThere?.code === 0) throw folderTaken(volumeName)
}

/**
 * Looks whether the volume is this very database's, or not there.
 * @throws QuaysideError `name_taken`
 */
export async function refuseForeignVolume(
  docker: Docker,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<void> {
  // A folder is looked at as it is made.
  if (isFolder(record.volumeName)) return
  const volume = await docker.inspectVolume(record.volumeName, { signal })
  if (volume !== null && !belongsTo(volume.labels, record)) throw volumeTaken(record.volumeName)
}

function volumeTaken(name: string): QuaysideError {
  return new QuaysideError('name_taken', `The volume ${name} exists already.`, {
    hint: 'It may hold the data of an earlier database, so it is left alone. Choose another name.',
    field: 'name',
  })
}

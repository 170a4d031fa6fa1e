import { posix } from 'node:path'
import { QuaysideError } from '../../../shared/errors.ts'
import { containerName } from '../../../shared/names.ts'
import type { DatabaseRecord, Docker } from '../ports.ts'

/** The folder with the data itself, inside the one that carries the mark. */
const inner = 'data'
/** Says whose a folder is; beside the data, as servers want to begin in an empty folder. */
const mark = '.quayside-database'
/** Where the data directory is seen inside the container that works on it. */
const inside = '/quayside'
/** A folder of that name is not this database's. */
const foreignCode = 3

// Both run as root in a container of the database's own image, so that the user who logs in to the
// host needs no rights there. $1 is the folder's name, $2 the database's id, $3 the place of the data
// in the image, whose owner and mode the new folder gets. A folder appears and goes by one rename:
// cut at any moment, what is left is either whole and marked or has the id in its name.
const begin = `set -eu
cd ${inside}
part=".quayside-$2"
rm -rf -- "$part"
there() { [ -e "$1" ] || [ -L "$1" ]; }
ours() { [ -d "$1" ] && [ ! -L "$1" ] && [ "$(cat "$1/${mark}" 2>/dev/null)" = "$2" ]; }
`
const makeScript = `${begin}
if there "$1"; then ours "$1" "$2" && exit 0; exit ${foreignCode}; fi
mkdir -p "$part/${inner}"
chmod 755 "$part"
printf '%s\\n' "$2" > "$part/${mark}"
chown "$(stat -c %u:%g "$3")" "$part/${inner}"
chmod "$(stat -c %a "$3")" "$part/${inner}"
mv -T -- "$part" "$1"`
const removeScript = `${begin}
there "$1" || exit 0
ours "$1" "$2" || exit ${foreignCode}
mv -T -- "$1" "$part"
rm -rf -- "$part"`

/** True where the data lies in a folder of the host rather than in a volume, as in Docker's `-v`. */
export function isFolder(volumeName: string): boolean {
  return volumeName.startsWith('/')
}

/** What is mounted as the server's data: the volume, or the inner folder. */
export function mountSource(volumeName: string): string {
  return isFolder(volumeName) ? posix.join(volumeName, inner) : volumeName
}

type FolderDocker = Pick<Docker, 'ensureImage' | 'runOnce' | 'info'>

/**
 * Makes the database's folder, and the data directory where that is missing.
 * @param dataPath where the image keeps its data
 * @throws QuaysideError `name_taken` where something else has that name
 */
export async function makeFolder(
  docker: FolderDocker,
  record: DatabaseRecord,
  dataPath: string,
  signal: AbortSignal,
): Promise<void> {
  const done = await onFolder(
    docker,
    record,
    { script: makeScript, dataPath, create: true },
    signal,
  )
  if (!done) throw folderTaken(record.volumeName)
  // A task of its own, so that of the data directory nothing is relabelled but this folder.
  if ((await docker.info({ signal })).selinux) await onFolder(docker, record, 'relabel', signal)
}

/**
 * Removes the database's folder once its mark says that it is this very database's; content when it is
 * gone already. A data directory that is missing as a whole may be a disk that is not mounted.
 * @returns false where a folder of that name is another's, which is left alone
 * @throws QuaysideError `volume_missing` when the data directory itself is not there
 */
export function removeFolder(
  docker: FolderDocker,
  record: DatabaseRecord,
  signal: AbortSignal,
): Promise<boolean> {
  return onFolder(docker, record, { script: removeScript, dataPath: '', create: false }, signal)
}

export function folderTaken(path: string): QuaysideError {
  return new QuaysideError('name_taken', `The folder ${path} exists already.`, {
    hint: 'It may hold the data of an earlier database, so it is left alone. Choose another name.',
    field: 'name',
  })
}

async function onFolder(
  docker: FolderDocker,
  record: DatabaseRecord,
  work: { script: string; dataPath: string; create: boolean } | 'relabel',
  signal: AbortSignal,
): Promise<boolean> {
  const { dir: directory, base: name } = posix.parse(record.volumeName)
  // The record is ours; all the same nothing is ever touched but a folder of the database's own name.
  if (name !== containerName(record) || directory === '/' || !posix.isAbsolute(directory))
    throw new Error(`${record.volumeName} is no folder of ${record.name}`)
  await docker.ensureImage(record.image, { signal })
  const { exitCode, output } = await docker.runOnce(
    {
      name: `quayside-task-${record.id}`,
      image: record.image,
      labels: { 'io.quayside.task': record.id },
      ...(work === 'relabel'
        ? {
            command: ['/bin/sh', '-c', ':'],
            bind: { source: record.volumeName, target: inside, create: false, relabel: true },
          }
        : {
            command: ['/bin/sh', '-c', work.script, 'sh', name, record.id, work.dataPath],
            bind: { source: directory, target: inside, create: work.create },
          }),
    },
    { signal },
  )
  if (exitCode === 0) return true
  if (exitCode === foreignCode) return false
  const full = /no space left on device|quota exceeded/i.test(output)
  throw new QuaysideError(
    full ? 'disk_full' : 'docker_failed',
    full
      ? 'The disk of the host is full.'
      : `The folder ${record.volumeName} could not be changed.`,
    {
      hint: full
        ? 'Free space there, then retry.'
        : 'Look whether the data directory can be written to by root on the host, then retry.',
      detail: output.trim() || `exit code ${exitCode}`,
    },
  )
}

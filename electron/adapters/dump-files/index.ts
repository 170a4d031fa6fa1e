import { createReadStream, createWriteStream } from 'node:fs'
import { link, lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { QuaysideError } from '../../../shared/errors.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import type { DumpFiles, FileOfJob } from '../../domain/ports.ts'

/** What is being written has this behind its name until it is whole. */
const ending = '.quayside-part'

/**
 * Dumps as files of this computer, where the user says.
 * @param folder for temporary files; made when it is needed
 */
export function createDumpFiles(folder: string): DumpFiles {
  const temporary = (jobId: JobId) => join(folder, jobId)
  return {
    async size(path) {
      const found = await told(path, () => stat(path))
      if (found.isFile()) return found.size
      throw new QuaysideError('invalid_input', `${path} is no file.`, { field: 'path' })
    },
    read: (path) => createReadStream(path),

    async refuseTaken(path) {
      if (await isThere(path)) throw taken(path)
      const folder = await told(dirname(path), () => stat(dirname(path)))
      if (folder.isDirectory()) return
      throw new QuaysideError('invalid_input', `${dirname(path)} is no folder.`, { field: 'path' })
    },

    async writePart(file, content, signal) {
      const part = partOf(file)
      try {
        await pipeline(content, createWriteStream(part, { mode: 0o600 }), { signal })
        const handle = await open(part, 'r+')
        try {
          await handle.sync()
        } finally {
          await handle.close()
        }
        return { bytes: (await stat(part)).size }
      } catch (thrown) {
        await rm(part, { force: true })
        throw readable(thrown, file.path)
      }
    },
    publish: (file, bytes) => told(file.path, () => publish(partOf(file), file.path, bytes)),
    removePart: (file) => rm(partOf(file), { force: true }),

    async temporary(jobId) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return temporary(jobId)
    },
    async removeTemporary(jobId) {
      const path = temporary(jobId)
      await rm(path, { force: true })
      await rm(partOf({ path, jobId }), { force: true })
    },
  }
}

function partOf({ path, jobId }: FileOfJob): string {
  return `${path}.${jobId.slice(0, 8)}${ending}`
}

async function publish(part: string, path: string, bytes: number): Promise<void> {
  if (!(await isThere(part))) {
    // A try before has come so far, and was cut before that was written down.
    if ((await stat(path)).size !== bytes) throw taken(path)
    return
  }
  try {
    await link(part, path)
  } catch (thrown) {
    const code = codeOf(thrown)
    // A file system without links.
    if (code === 'EPERM' || code === 'ENOTSUP' || code === 'ENOSYS') {
      if (await isThere(path)) throw taken(path)
      await rename(part, path)
      return
    }
    if (code !== 'EEXIST' || !(await areSame(part, path))) throw thrown
  }
  await rm(part)
}

/** Whether both names are of one file, as where a try was cut between giving one and taking the other. */
async function areSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => lstat(path, { bigint: true })))
  return a !== undefined && a.ino === b?.ino && a.dev === b.dev
}

async function isThere(path: string): Promise<boolean> {
  try {
    await lstat(path)
    return true
  } catch (thrown) {
    if (codeOf(thrown) === 'ENOENT') return false
    throw readable(thrown, path)
  }
}

async function told<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    throw readable(thrown, path)
  }
}

function taken(path: string): QuaysideError {
  return new QuaysideError('name_taken', `${path} is there already.`, {
    hint: 'Choose another name; nothing is overwritten.',
    field: 'path',
  })
}

function codeOf(thrown: unknown): unknown {
  return thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
}

function readable(thrown: unknown, path: string): unknown {
  switch (codeOf(thrown)) {
    case 'ENOENT':
      return new QuaysideError('not_found', `${path} is not there.`, { field: 'path' })
    case 'EEXIST':
      return taken(path)
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new QuaysideError('invalid_input', `${path} is not open to you.`, {
        hint: 'Look at its permissions and those of its folder.',
        field: 'path',
      })
    case 'ENOSPC':
    case 'EDQUOT':
      return new QuaysideError('disk_full', 'The disk of this computer is full.', {
        hint: 'Free space, or choose another place.',
      })
    default:
      return thrown
  }
}

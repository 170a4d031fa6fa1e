import { createReadStream, createWriteStream } from 'node:fs'
import { link, lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DumpFiles } from '../../domain/ports.ts'

/** What is being written has this behind its name until it is whole. */
const ending = '.quayside-part'

/**
 * Dumps as files of this computer, where the user says.
 * @param folder for temporary files; made when it is needed
 */
export function createDumpFiles(folder: string): DumpFiles {
  const temporary = (name: string) => join(folder, name)
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

    async write(path, content, signal) {
      const part = `${path}${ending}`
      try {
        await pipeline(content, createWriteStream(part, { mode: 0o600 }), { signal })
        const handle = await open(part, 'r+')
        try {
          await handle.sync()
        } finally {
          await handle.close()
        }
        const { size: bytes } = await stat(part)
        await publish(part, path)
        return { bytes }
      } catch (thrown) {
        await rm(part, { force: true })
        throw readable(thrown, path)
      }
    },
    removePart: (path) => rm(`${path}${ending}`, { force: true }),

    async temporary(name) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      return temporary(name)
    },
    async removeTemporary(name) {
      await rm(temporary(name), { force: true })
      await rm(`${temporary(name)}${ending}`, { force: true })
    },
  }
}

/** Under its name at once and whole, and never over what is there. */
async function publish(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
    await rm(part)
  } catch (thrown) {
    const code = codeOf(thrown)
    // A file system without links.
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw thrown
    if (await isThere(path)) throw taken(path)
    await rename(part, path)
  }
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

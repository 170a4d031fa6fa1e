import { createReadStream } from 'node:fs'
import { lstat, mkdir, open, readdir, stat, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { QuaysideError } from '../../../shared/errors.ts'
import {
  isObjectName,
  markerName,
  notMarked,
  type DestinationDriver,
  type StoredObject,
} from '../destination.ts'
import { codeOf, folderError, folderMissing } from './folder-error.ts'
import { isPart, partPath, partPrefix, publish, syncFolder, writePart } from './write-file.ts'

/**
 * Files below a folder of this computer. The folder itself is never made: it may be a disk.
 * @param marked whether it has to have the file that marks it
 */
export function createFolderDriver(folder: string, marked = false): DestinationDriver {
  const pathOf = (name: string): string => join(folder, ...name.split('/'))
  const present = async (): Promise<void> => {
    const facts = await stat(folder)
    if (!facts.isDirectory()) throw folderMissing(folder)
    if (marked && (await lstat(pathOf(markerName)).catch(ignoreMissing)) === undefined)
      throw notMarked(folder)
  }
  /** Runs with the folder there; what goes wrong is told in words. */
  const within = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      await present()
      return await work()
    } catch (thrown) {
      throw folderError(thrown, folder)
    }
  }

  return {
    put: (name, content, { signal, exclusive }) =>
      within(async () => {
        const path = pathOf(name)
        await makeFolders(folder, dirname(path))
        const part = partPath(path)
        try {
          const bytes = await writePart(part, content, signal)
          await publish(part, path, exclusive)
          return { bytes }
        } catch (thrown) {
          await unlink(part).catch(ignoreMissing)
          throw thrown
        }
      }),

    get: (name, { from = 0 }) =>
      within(async () => {
        try {
          const handle = await open(pathOf(name), 'r')
          const { size } = await handle.stat().catch(async (thrown: unknown) => {
            await handle.close()
            throw thrown
          })
          const options = { fd: handle, start: from, highWaterMark: 256 * 1024 }
          return { content: createReadStream('', options), bytes: size - from }
        } catch (thrown) {
          if (codeOf(thrown) === 'ENOENT')
            throw new QuaysideError('not_found', 'The folder has no such file.', { detail: name })
          throw thrown
        }
      }),

    stat: (name) =>
      within(async () => {
        try {
          const facts = await lstat(pathOf(name))
          return facts.isFile() ? { bytes: facts.size, modifiedAt: facts.mtimeMs } : null
        } catch (thrown) {
          if (isMissing(thrown)) return null
          throw thrown
        }
      }),

    async *list(prefix, { signal }) {
      try {
        await present()
        yield* walk({ folder, prefix, signal, take: (file) => !isPart(file) })
      } catch (thrown) {
        throw folderError(thrown, folder)
      }
    },

    remove: (name) =>
      within(async () => {
        const path = pathOf(name)
        try {
          await unlink(path)
          await syncFolder(dirname(path))
        } catch (thrown) {
          if (!isMissing(thrown)) throw thrown
        }
      }),

    sweep: ({ signal, olderThanMs, prefix = '' }) =>
      within(async () => {
        const before = olderThanMs === 0 ? Infinity : Date.now() - olderThanMs
        let swept = 0
        const parts = walk({ folder, prefix: partPrefix(prefix), signal, take: isPart })
        for await (const part of parts) {
          if (part.modifiedAt > before) continue
          await unlink(pathOf(part.name)).catch(ignoreMissing)
          swept += 1
        }
        return swept
      }),

    close: () => Promise.resolve(),
  }
}

/** Makes the folders down to `path`, each so that it is there after a power cut. */
async function makeFolders(root: string, path: string): Promise<void> {
  const first = await mkdir(path, { recursive: true, mode: 0o700 })
  if (first === undefined) return
  for (let each = path; ; each = dirname(each)) {
    await syncFolder(dirname(each))
    if (each === first || each === root) return
  }
}

interface Walk {
  folder: string
  prefix: string
  signal: AbortSignal
  take(file: string): boolean
}

/** Only where names of ours can be: the folders a system keeps on a disk are often closed to its users. */
async function* walk({ folder, prefix, signal, take }: Walk): AsyncGenerator<StoredObject> {
  const from = prefix.includes('/') ? prefix.slice(0, prefix.lastIndexOf('/')) : ''
  const pending = [from]
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    signal.throwIfAborted()
    for (const entry of await entriesOf(join(folder, at), at === from && at !== '')) {
      const name = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) {
        if (!isObjectName(name)) continue
        if (name.startsWith(prefix) || prefix.startsWith(`${name}/`)) pending.push(name)
      } else if (entry.isFile() && name.startsWith(prefix) && take(entry.name)) {
        const facts = await lstat(join(folder, name)).catch(ignoreMissing)
        if (facts?.isFile() === true) yield { name, bytes: facts.size, modifiedAt: facts.mtimeMs }
      }
    }
  }
}

/** A folder that nobody has made yet is empty; every other failure is one. */
async function entriesOf(path: string, mayBeMissing: boolean) {
  try {
    return await readdir(path, { withFileTypes: true })
  } catch (thrown) {
    if (mayBeMissing && isMissing(thrown)) return []
    throw thrown
  }
}

function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === 'ENOENT' || codeOf(thrown) === 'ENOTDIR'
}

function ignoreMissing(thrown: unknown): undefined {
  if (!isMissing(thrown)) throw thrown
  return undefined
}

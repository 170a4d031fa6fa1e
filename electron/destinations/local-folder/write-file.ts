import { randomBytes } from 'node:crypto'
import { link, open, rename, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Readable } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import { codeOf } from './folder-error.ts'

/** A name beside `path` for what is not whole yet; with its dot in front it is no object's name. */
export function partPath(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.part`)
}

/** How the paths of parts begin whose names are to begin so. */
export function partPrefix(prefix: string): string {
  const at = prefix.lastIndexOf('/') + 1
  return prefix === '' ? '' : `${prefix.slice(0, at)}.${prefix.slice(at)}`
}

export function isPart(file: string): boolean {
  return /^\..+\.[0-9a-f]{8}\.part$/.test(file)
}

/** Writes content to a new file of the user's own and gets it onto the disk; returns its bytes. */
export async function writePart(
  path: string,
  content: Readable,
  signal: AbortSignal,
): Promise<number> {
  const handle = await open(path, 'wx', 0o600)
  try {
    let bytes = 0
    for await (const chunk of content as AsyncIterable<Buffer>) {
      signal.throwIfAborted()
      // A disk that is nearly full takes a part of it; what is left then fails.
      for (let from = 0; from < chunk.length;)
        from += (await handle.write(chunk, from, chunk.length - from)).bytesWritten
      bytes += chunk.length
    }
    signal.throwIfAborted()
    // On macOS too, where Node asks for F_FULLFSYNC.
    await handle.sync()
    const { size } = await handle.stat()
    if (size !== bytes) throw new Error(`${bytes} bytes were written, the file has ${size}`)
    return bytes
  } finally {
    await handle.close()
  }
}

/** Gives a whole part its name, durably. @throws QuaysideError `name_taken` when exclusive */
export async function publish(part: string, path: string, exclusive: boolean): Promise<void> {
  if (exclusive) await renameToFree(part, path)
  else await rename(part, path)
  await syncFolder(dirname(path))
}

async function renameToFree(part: string, path: string): Promise<void> {
  try {
    await link(part, path)
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw nameTaken(path)
    if (!noLinks.has(codeOf(thrown) ?? '')) throw thrown
    return await renameOverOwn(part, path)
  }
  await unlink(part)
}

/** What file systems without hard links say: FAT, exFAT, some shares. */
const noLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EISDIR'])

/** Takes the name by an empty file, which the rename then replaces. */
async function renameOverOwn(part: string, path: string): Promise<void> {
  try {
    await (await open(path, 'wx', 0o600)).close()
  } catch (thrown) {
    if (codeOf(thrown) === 'EEXIST') throw nameTaken(path)
    throw thrown
  }
  try {
    await rename(part, path)
  } catch (thrown) {
    await unlink(path)
    throw thrown
  }
}

function nameTaken(path: string): QuaysideError {
  return new QuaysideError('name_taken', `There is a file ${basename(path)} already.`, {
    detail: path,
  })
}

/** Makes the names in a folder durable, where the system can: Windows has no such call. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } catch (thrown) {
    // A share may refuse it; then the rename is as durable as it gets there.
    if (!['EINVAL', 'ENOTSUP', 'EOPNOTSUPP'].includes(codeOf(thrown) ?? '')) throw thrown
  } finally {
    await handle.close()
  }
}

import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readManifest } from '../../shared/backup-manifest.ts'
import {
  chunkBytes,
  headerBytes,
  tagBytes,
} from '../../electron/domain/backups/stream/cipher-format.ts'

/** What a disk, a line or somebody may do to a stored dump. */
export function damages(encrypted: boolean): [string, (whole: Buffer) => Buffer][] {
  const sealed = chunkBytes + tagBytes
  // Of what is not encrypted, two blocks as a disk has them.
  const [from, size] = encrypted ? [headerBytes, sealed] : [4096, 4096]
  return [
    [
      'a flipped bit',
      (whole) => {
        const changed = Buffer.from(whole)
        changed.writeUInt8(changed.readUInt8(changed.length >> 1) ^ 1, changed.length >> 1)
        return changed
      },
    ],
    ['cut', (whole) => whole.subarray(0, -20)],
    ['bytes behind the end', (whole) => Buffer.concat([whole, randomBytes(64)])],
    [
      'exchanged chunks',
      (whole) =>
        Buffer.concat([
          whole.subarray(0, from),
          whole.subarray(from + size, from + 2 * size),
          whole.subarray(from, from + size),
          whole.subarray(from + 2 * size),
        ]),
    ],
  ]
}

/** Where a backup lies below a local folder. */
export async function backupFiles(
  folder: string,
  id: string,
): Promise<{ dump: string; manifest: string }> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.name.endsWith('.manifest.json')) continue
    const path = join(entry.parentPath, entry.name)
    const manifest = readManifest(await readFile(path, 'utf8'))
    if (manifest.id === id)
      return { dump: join(entry.parentPath, manifest.object.name), manifest: path }
  }
  throw new Error('the backup does not lie there')
}

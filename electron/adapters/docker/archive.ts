import { pack } from 'tar-stream'
import type { ServerFile } from '../../domain/ports.ts'

/** A tar archive of these files, all owned by root, with the folders that lead to them. */
export async function archiveOf(files: readonly ServerFile[]): Promise<Buffer> {
  const archive = pack()
  for (const folder of foldersOf(files)) {
    archive.entry({ name: `${folder}/`, type: 'directory', mode: 0o755, uid: 0, gid: 0 })
  }
  for (const { path, content, mode } of files) {
    archive.entry({ name: path.slice(1), mode, uid: 0, gid: 0 }, content)
  }
  archive.finalize()
  const pieces: Buffer[] = []
  for await (const piece of archive) pieces.push(Buffer.from(piece as Uint8Array))
  return Buffer.concat(pieces)
}

/**
 * Only the folder a file lies in, and only where it is of our own making: unpacking a folder that the
 * image has would change its owner and mode.
 */
function foldersOf(files: readonly ServerFile[]): Set<string> {
  return new Set(
    files
      .map(({ path }) => path.slice(1, path.lastIndexOf('/')))
      .filter((folder) => /(?:^|\/)quayside$/.test(folder)),
  )
}

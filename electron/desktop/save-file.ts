import { createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { app, dialog } from 'electron'
import { QuaysideError } from '../../shared/errors.ts'
import type { FileSaver } from '../domain/ports.ts'

/** Asks by the system's dialog: the page never names a path. */
export const saveFile: FileSaver = {
  async save(name, pieces) {
    const { canceled, filePath } = await dialog.showSaveDialog({
      defaultPath: join(app.getPath('downloads'), name),
    })
    if (canceled || filePath === '') return false
    await writePieces(filePath, pieces)
    return true
  },
}

/** Beside its place first, so that what was there stays until all is written. */
async function writePieces(path: string, pieces: AsyncIterable<string>): Promise<void> {
  const part = `${path}.part`
  try {
    await pipeline(Readable.from(pieces), createWriteStream(part, { mode: 0o600 }))
    await rename(part, path)
  } catch (thrown) {
    await rm(part, { force: true })
    if (thrown instanceof QuaysideError) throw thrown
    throw new QuaysideError('internal', 'The file could not be written.', {
      hint: 'Check that the disk is not full and that you may write there.',
      cause: thrown,
    })
  }
}

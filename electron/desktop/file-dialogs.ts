import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  type OpenDialogOptions,
  type SaveDialogOptions,
} from 'electron'
import type { FileChoice } from '../../shared/contract/files.ts'
import type { FileDialogs } from '../domain/ports.ts'

/** The system's own dialogs, on the window that is in use. */
export const fileDialogs: FileDialogs = {
  choose(choice: FileChoice) {
    switch (choice.what) {
      case 'folder':
        return open({ properties: ['openDirectory', 'createDirectory'] })
      case 'file':
        return open({ properties: ['openFile'] })
      case 'new-file':
        return save({ defaultPath: join(app.getPath('downloads'), choice.name) })
    }
  },
}

async function open(options: OpenDialogOptions): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow()
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options))
  return canceled ? null : (filePaths[0] ?? null)
}

async function save(options: SaveDialogOptions): Promise<string | null> {
  const window = BrowserWindow.getFocusedWindow()
  const { canceled, filePath } = await (window === null
    ? dialog.showSaveDialog(options)
    : dialog.showSaveDialog(window, options))
  return canceled || filePath === '' ? null : filePath
}

import * as electron from 'electron'
import type { Log } from '../domain/ports.ts'
import type { Board } from './secret-clipboard.ts'

/** Marks that keep a text out of clipboard histories, as password managers set them. */
const concealed: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'org.nspasteboard.ConcealedType',
  win32: 'ExcludeClipboardContentFromMonitorProcessing',
  linux: 'x-kde-passwordManagerHint',
}

/** The system's clipboard; what is written to it is marked as secret where Electron can do that. */
export function systemClipboard(log: Log): Board {
  return {
    write: (text) => write(text, log),
    // A promise in current versions of Electron, the text itself in older ones.
    read: async () => electron.clipboard.readText(),
    clear: () => electron.clipboard.clear(),
  }
}

async function write(text: string, log: Log): Promise<void> {
  const format = concealed[process.platform]
  // Older versions of Electron can write a text or a mark, never both.
  if (format === undefined || !Reflect.has(electron, 'ClipboardItem'))
    return electron.clipboard.writeText(text)
  const mark = `electron application/osclipboard;format="${format}"`
  const item = new electron.ClipboardItem({ 'text/plain': text, [mark]: 'secret' })
  try {
    await electron.clipboard.write([item])
  } catch (thrown) {
    // A system that takes no such mark still takes the text the user asked for.
    log.error('a secret on the clipboard could not be marked as one', thrown)
    await electron.clipboard.writeText(text)
  }
}

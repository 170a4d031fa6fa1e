import { createHash } from 'node:crypto'
import * as electron from 'electron'
import type { Clipboard, Clock, Log } from '../domain/ports.ts'

/** After this long a secret leaves the clipboard. */
const keptMs = 60_000

/** Marks that keep a text out of clipboard histories, as password managers set them. */
const concealed: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['org.nspasteboard.ConcealedType'],
  win32: ['ExcludeClipboardContentFromMonitorProcessing'],
  linux: ['x-kde-passwordManagerHint'],
}

/** The desktop's clipboard for secrets. */
export interface DesktopClipboard extends Clipboard {
  writeSecret(text: string): Promise<void>
  /** Takes away what is still there of ours, before the app ends. */
  forget(): Promise<void>
}

/**
 * Puts secrets on the system's clipboard and takes them away after a minute, but only where they are
 * still what lies there. Of a secret itself nothing is kept, only its hash.
 */
export function createClipboard({ clock, log }: { clock: Clock; log: Log }): DesktopClipboard {
  let written: { hash: string; timer: AbortController } | null = null

  async function forget(): Promise<void> {
    const ours = written
    if (ours === null) return
    written = null
    ours.timer.abort()
    // A promise in current versions of Electron, the text itself in older ones.
    const there: string = await electron.clipboard.readText()
    if (hashOf(there) === ours.hash) electron.clipboard.clear()
  }

  async function forgetLater(timer: AbortController): Promise<void> {
    try {
      await clock.sleep(keptMs, timer.signal)
    } catch (thrown) {
      // Something newer was written, or it was taken away already.
      if (timer.signal.aborted) return
      throw thrown
    }
    await forget()
  }

  return {
    async writeSecret(text) {
      written?.timer.abort()
      const timer = new AbortController()
      written = { hash: hashOf(text), timer }
      await write(text, log)
      forgetLater(timer).catch((thrown: unknown) => {
        log.error('the clipboard could not be cleared', thrown)
      })
    },
    forget,
  }
}

async function write(text: string, log: Log): Promise<void> {
  // Older versions of Electron can write a text or a mark, never both.
  if (!Reflect.has(electron, 'ClipboardItem')) return electron.clipboard.writeText(text)
  const marks = (concealed[process.platform] ?? []).map((format): [string, string] => [
    `electron application/osclipboard;format="${format}"`,
    'secret',
  ])
  const item = new electron.ClipboardItem({ 'text/plain': text, ...Object.fromEntries(marks) })
  try {
    await electron.clipboard.write([item])
  } catch (thrown) {
    // A system that takes no such mark still takes the text the user asked for.
    log.error('a secret on the clipboard could not be marked as one', thrown)
    await electron.clipboard.writeText(text)
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

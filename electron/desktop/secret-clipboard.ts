import { createHash } from 'node:crypto'
import type { Clipboard, Clock, Log } from '../domain/ports.ts'

/** A clipboard as a system has it. */
export interface Board {
  write(text: string): Promise<void>
  read(): Promise<string>
  clear(): void
}

/** A clipboard for secrets. */
export interface SecretClipboard extends Clipboard {
  writeSecret(text: string): Promise<void>
  /** Takes away what is still there of ours, before the app ends. */
  forget(): Promise<void>
}

export interface SecretClipboardDeps {
  board: Board
  clock: Clock
  log: Log
}

/** After this long a secret leaves the clipboard. */
const keptMs = 60_000

/**
 * Puts secrets on a clipboard and takes them away after a minute, but only where they are still what
 * lies there. Of a secret itself nothing is kept, only its hash.
 */
export function createSecretClipboard({ board, clock, log }: SecretClipboardDeps): SecretClipboard {
  let written: { hash: string; timer: AbortController } | null = null

  async function forget(): Promise<void> {
    const ours = written
    if (ours === null) return
    written = null
    ours.timer.abort()
    if (hashOf(await board.read()) === ours.hash) board.clear()
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
      await board.write(text)
      forgetLater(timer).catch((thrown: unknown) => {
        log.error('the clipboard could not be cleared', thrown)
      })
    },
    forget,
  }
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import type { DrawnChannel, InvokeChannel } from '../../shared/bridge.ts'
import type { Call, Dispatch } from './dispatch.ts'
import { pageSignals } from './page-signal.ts'
import type { Sender } from './sender.ts'

const invokeChannel: InvokeChannel = 'quayside:invoke'
const drawnChannel: DrawnChannel = 'quayside:drawn'

/** The calls of the windows. */
export interface Calls {
  /**
   * Has them answered by this from now on, those first that have waited for it. What it leaves alone
   * waits for the next that is given here.
   */
  answerBy(dispatch: Dispatch): void
  /** Resolves once a page says that it has drawn what it begins with. */
  readonly drawn: Promise<void>
  /** Resolves once those of a page that comes up are answered; after a while also where none comes. */
  quiet(): Promise<void>
  /** Takes no more of them. */
  stop(): void
}

/** So long without an answer is a lull, and so long at most it is waited for, milliseconds. */
const lullMs = 300
const longestMs = 2_000

/** Takes the windows' calls from now on: a page that is there before the core waits for its answers. */
export function takeCalls(): Calls {
  const signalOf = pageSignals()
  let dispatch: Dispatch = () => null
  const waiting: (() => void)[] = []
  let onAnswer = (): void => undefined
  ipcMain.handle(invokeChannel, async (event, name: unknown, input: unknown) => {
    // Who asks is read at once: after a wait the frame may be another one.
    const sender = describe(event.sender, event.senderFrame)
    const call: Call = { sender, name, input, signal: signalOf(event.sender) }
    for (;;) {
      const reply = dispatch(call)
      if (reply !== null) return reply.finally(() => onAnswer())
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  })
  const drawn = new Promise<void>((resolve) => {
    ipcMain.once(drawnChannel, () => resolve())
  })
  return {
    drawn,
    answerBy(given) {
      dispatch = given
      for (const tryAgain of waiting.splice(0)) tryAgain()
    },
    quiet: () =>
      new Promise((resolve) => {
        let lull: NodeJS.Timeout | undefined
        onAnswer = () => {
          clearTimeout(lull)
          lull = setTimeout(resolve, lullMs)
        }
        setTimeout(resolve, longestMs)
      }),
    stop: () => {
      ipcMain.removeHandler(invokeChannel)
    },
  }
}

function describe(contents: WebContents, frame: WebFrameMain | null): Sender {
  return {
    webContentsId: contents.id,
    frame: frame && { origin: frame.origin, url: frame.url, isTop: frame.parent === null },
  }
}

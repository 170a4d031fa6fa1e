import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import type { BridgeReply, InvokeChannel } from '../../shared/bridge.ts'
import type { Call } from './dispatch.ts'
import { pageSignals } from './page-signal.ts'
import type { Sender } from './sender.ts'

const invokeChannel: InvokeChannel = 'quayside:invoke'

type Answer = (call: Call) => Promise<BridgeReply>

/** The calls of the windows. */
export interface Calls {
  /** Has them answered by this, those first that have waited for it. */
  answerBy(answer: Answer): void
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
  let answerBy: Calls['answerBy'] = () => undefined
  const answering = new Promise<Answer>((resolve) => {
    answerBy = resolve
  })
  let onAnswer = (): void => undefined
  ipcMain.handle(invokeChannel, async (event, name: unknown, input: unknown) => {
    // Who asks is read at once: after a wait the frame may be another one.
    const sender = describe(event.sender, event.senderFrame)
    const signal = signalOf(event.sender)
    const answer = await answering
    return answer({ sender, name, input, signal }).finally(() => onAnswer())
  })
  return {
    answerBy,
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

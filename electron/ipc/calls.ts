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
  /** Takes no more of them. */
  stop(): void
}

/** Takes the windows' calls from now on: a page that is there before the core waits for its answers. */
export function takeCalls(): Calls {
  const signalOf = pageSignals()
  let answerBy: Calls['answerBy'] = () => undefined
  const answering = new Promise<Answer>((resolve) => {
    answerBy = resolve
  })
  ipcMain.handle(invokeChannel, async (event, name: unknown, input: unknown) => {
    // Who asks is read at once: after a wait the frame may be another one.
    const sender = describe(event.sender, event.senderFrame)
    const signal = signalOf(event.sender)
    const answer = await answering
    return answer({ sender, name, input, signal })
  })
  return {
    answerBy,
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

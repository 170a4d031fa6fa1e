import { ipcMain, type WebContents, type WebFrameMain } from 'electron'
import type { EventChannel, InvokeChannel } from '../../shared/bridge.ts'
import type { Core } from '../domain/core.ts'
import type { Clock, Log } from '../domain/ports.ts'
import { createDispatch } from './dispatch.ts'
import { createHandlers } from './handlers/index.ts'
import { pageSignals } from './page-signal.ts'
import { createPublisher } from './publish.ts'
import type { Sender } from './sender.ts'

const invokeChannel: InvokeChannel = 'quayside:invoke'
const eventChannel: EventChannel = 'quayside:event'

export interface ServeDeps {
  core: Core
  /** The windows that are open now. */
  windows: () => readonly WebContents[]
  clock: Clock
  log: Log
}

/** Serves the core to the windows, calls down and news up; returns the way to stop. */
export function serve({ core, windows, clock, log }: ServeDeps): () => void {
  const stopped = new AbortController()
  const signalOf = pageSignals()
  const dispatch = createDispatch({
    handlers: createHandlers(core),
    isOurs: (id) => windows().some((contents) => contents.id === id),
    clock,
    log,
  })
  ipcMain.handle(invokeChannel, (event, name: unknown, input: unknown) =>
    dispatch({
      sender: describe(event.sender, event.senderFrame),
      name,
      input,
      signal: signalOf(event.sender),
    }),
  )
  const publish = createPublisher({
    clock,
    log,
    signal: stopped.signal,
    send: (event) => {
      for (const contents of windows()) {
        // A page that is loaded anew asks for everything itself.
        if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(eventChannel, event)
      }
    },
  })
  const unsubscribe = core.onEvent(publish)
  return () => {
    unsubscribe()
    stopped.abort()
    ipcMain.removeHandler(invokeChannel)
  }
}

function describe(contents: WebContents, frame: WebFrameMain | null): Sender {
  return {
    webContentsId: contents.id,
    frame: frame && { origin: frame.origin, url: frame.url, isTop: frame.parent === null },
  }
}

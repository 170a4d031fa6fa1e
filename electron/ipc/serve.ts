import type { WebContents } from 'electron'
import type { EventChannel } from '../../shared/bridge.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import type { Core } from '../domain/core.ts'
import type { Clock, Log } from '../domain/ports.ts'
import { bringAlong } from './bring-along.ts'
import type { Calls } from './calls.ts'
import { createDispatch } from './dispatch.ts'
import { createHandlers } from './handlers/index.ts'
import { createPublisher } from './publish.ts'

const eventChannel: EventChannel = 'quayside:event'

export interface ServeDeps {
  core: Core
  calls: Calls
  windows: {
    /** What runs in the windows that are open now. */
    contents(): readonly WebContents[]
    owns(webContentsId: number): boolean
  }
  clock: Clock
  log: Log
}

/** Serves the core to the windows, calls down and news up; returns the way to stop. */
export function serve({ core, calls, windows, clock, log }: ServeDeps): () => void {
  const stopped = new AbortController()
  const dispatch = createDispatch({
    handlers: createHandlers(core),
    isOurs: windows.owns,
    clock,
    log,
  })
  calls.answerBy(dispatch)
  const tell = (event: QuaysideEvent) => {
    for (const contents of windows.contents()) {
      // A page that is loaded anew asks for everything itself.
      if (!contents.isDestroyed() && !contents.isCrashed()) contents.send(eventChannel, event)
    }
  }
  const publish = createPublisher({
    clock,
    log,
    signal: stopped.signal,
    send: (event) => void bringAlong(core.databases, event).then(tell),
  })
  const unsubscribe = core.onEvent(publish)
  return () => {
    unsubscribe()
    stopped.abort()
    calls.stop()
  }
}

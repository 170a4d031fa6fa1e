import type { App } from 'electron'
import type { Clock, Log } from '../domain/ports.ts'

/** A page that crashes twice within this time would do so for ever. */
const tooSoonMs = 10_000

/** Loads a page anew that has crashed; jobs are not touched by it. Notes every process that dies. */
export function surviveCrashes(app: App, { clock, log }: { clock: Clock; log: Log }): void {
  let last = Number.NEGATIVE_INFINITY
  app.on('render-process-gone', (_event, contents, { reason, exitCode }) => {
    if (reason === 'clean-exit' || contents.isDestroyed()) return
    log.warn('the window’s process has gone', { reason, exitCode })
    // Also after the clock was set back.
    const again = Math.abs(clock.now() - last) > tooSoonMs
    last = clock.now()
    if (again) contents.reload()
  })
  app.on('child-process-gone', (_event, { type, reason, exitCode, name = '' }) => {
    if (reason !== 'clean-exit')
      log.warn('a helper process has gone', { type, reason, exitCode, name })
  })
}

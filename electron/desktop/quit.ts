import type { JobView } from '../../shared/contract/jobs.ts'
import type { Clock, Log } from '../domain/ports.ts'

/** To the question whether to quit while jobs run: now, as soon as they are done, or not at all. */
export type QuitAnswer = 'now' | 'when-done' | 'stay'

/** What ending needs of Electron's app. */
export interface EndingApp {
  on(event: 'before-quit', listener: (event: { preventDefault(): void }) => void): unknown
  quit(): void
  exit(code: number): void
}

export interface QuitDeps {
  app: EndingApp
  clock: Clock
  log: Log
  /** Jobs that run in this process now. */
  runningJobs: () => readonly JobView[]
  /** What the user wants although these run. */
  ask: (jobs: readonly JobView[]) => Promise<QuitAnswer>
  /** Told for how many jobs it waits to end once they are done; null where it no longer does. */
  onWaiting: (jobs: number | null) => void
  /** Ends everything in good order. */
  close: () => Promise<void>
}

/** How the app ends. */
export interface Quit {
  /** True once nothing may keep a window open any more. */
  ending(): boolean
  /** Ends the app as its user does; `last` takes the place of going, where they do not stay after all. */
  with(last: () => void): void
  /** Ends the app without asking: the system, a signal or a bug wants it. */
  now(exitCode?: number): void
  /** No longer ends once the jobs are done that are waited for. */
  stay(): void
}

// A job stops at its next safe point; one whose host hangs must not hold up a shutdown for longer.
const patienceMs = 10_000
/** How often it is looked whether jobs are done that are waited for. */
const lookMs = 500

/** Makes every way to end the app an orderly one; running jobs go on with the next start. */
export function createQuit(deps: QuitDeps): Quit {
  const { app, clock, log, runningJobs, ask, onWaiting, close } = deps
  let phase: 'open' | 'asking' | 'closing' | 'closed' = 'open'
  let waiting: AbortController | null = null

  async function closeInTime(): Promise<void> {
    const deadline = new AbortController()
    const late = clock.sleep(patienceMs, deadline.signal).then(
      () => log.warn('not everything could be closed in time', { patienceMs }),
      (thrown: unknown) => {
        if (!deadline.signal.aborted) throw thrown
      },
    )
    try {
      await Promise.race([close(), late])
    } catch (thrown) {
      log.error('not everything could be closed', thrown)
    } finally {
      deadline.abort()
    }
  }

  function stay(): void {
    waiting?.abort()
    if (waiting !== null) onWaiting(null)
    waiting = null
  }

  async function end(last: () => void): Promise<void> {
    stay()
    phase = 'closing'
    await closeInTime()
    phase = 'closed'
    last()
  }

  async function askAndEnd(last: () => void): Promise<void> {
    phase = 'asking'
    // The newest answer counts.
    stay()
    const jobs = runningJobs()
    const answer = jobs.length === 0 ? 'now' : await ask(jobs)
    // A signal may have come while the question stood there.
    if (ending()) return
    if (answer === 'now') return end(last)
    phase = 'open'
    if (answer === 'when-done') await endWhenDone(last)
  }

  async function endWhenDone(last: () => void): Promise<void> {
    const mine = new AbortController()
    waiting = mine
    try {
      for (let left = runningJobs().length; left > 0; left = runningJobs().length) {
        onWaiting(left)
        await clock.sleep(lookMs, mine.signal)
      }
    } catch (thrown) {
      if (mine.signal.aborted) return
      throw thrown
    }
    await end(last)
  }

  const ending = () => phase === 'closing' || phase === 'closed'
  const go = () => app.quit()
  const now = (exitCode = 0) => {
    if (!ending()) void end(exitCode === 0 ? go : () => app.exit(exitCode))
  }
  const begin = (last: () => void) => {
    if (phase !== 'open') return
    askAndEnd(last).catch((thrown: unknown) => {
      log.error('it could not be asked whether to end', thrown)
      now()
    })
  }

  app.on('before-quit', (event) => {
    if (phase === 'closed') return
    event.preventDefault()
    begin(go)
  })
  return { ending, with: begin, now, stay }
}

import type { JobView } from '../../shared/contract/jobs.ts'
import type { Clock, Log } from '../domain/ports.ts'

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
  /** Whether the user wants to end the app although these run. */
  ask: (jobs: readonly JobView[]) => Promise<boolean>
  /** Ends everything in good order. */
  close: () => Promise<void>
}

/** How the app ends. */
export interface Quit {
  /** True once nothing may keep a window open any more. */
  ending(): boolean
  /** Ends the app without asking: the system, a signal or a bug wants it. */
  now(exitCode?: number): void
}

// A job stops at its next safe point; one whose host hangs must not hold up a shutdown for longer.
const patienceMs = 10_000

/** Makes every way to end the app an orderly one; running jobs go on with the next start. */
export function createQuit({ app, clock, log, runningJobs, ask, close }: QuitDeps): Quit {
  let phase: 'open' | 'asking' | 'closing' | 'closed' = 'open'

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

  async function end(exitCode: number): Promise<void> {
    phase = 'closing'
    await closeInTime()
    phase = 'closed'
    if (exitCode === 0) app.quit()
    else app.exit(exitCode)
  }

  async function askAndEnd(): Promise<void> {
    phase = 'asking'
    const jobs = runningJobs()
    const sure = jobs.length === 0 || (await ask(jobs))
    // A signal may have come while the question stood there.
    if (ending()) return
    if (sure) return end(0)
    phase = 'open'
  }

  const ending = () => phase === 'closing' || phase === 'closed'
  const now = (exitCode = 0) => {
    if (!ending()) void end(exitCode)
  }

  app.on('before-quit', (event) => {
    if (phase === 'closed') return
    event.preventDefault()
    if (phase !== 'open') return
    askAndEnd().catch((thrown: unknown) => {
      log.error('it could not be asked whether to end', thrown)
      now()
    })
  })
  return { ending, now }
}

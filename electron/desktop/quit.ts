import { dialog, powerMonitor, type App } from 'electron'
import type { JobView } from '../../shared/contract/jobs.ts'
import type { Clock, Log } from '../domain/ports.ts'

export interface QuitDeps {
  app: App
  clock: Clock
  log: Log
  /** Jobs that run in this process now. */
  runningJobs: () => readonly JobView[]
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

const signals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const

/** Makes every way to end the app an orderly one; running jobs go on with the next start. */
export function createQuit({ app, clock, log, runningJobs, close }: QuitDeps): Quit {
  let phase: 'open' | 'asking' | 'closing' | 'closed' = 'open'

  async function end(exitCode: number): Promise<void> {
    phase = 'closing'
    const deadline = new AbortController()
    try {
      const late = clock.sleep(patienceMs, deadline.signal).then(() => true)
      late.catch(() => undefined)
      if (await Promise.race([close().then(() => false), late]))
        log.warn('not everything could be closed in time', { patienceMs })
    } catch (thrown) {
      log.error('not everything could be closed', thrown)
    } finally {
      deadline.abort()
      phase = 'closed'
      if (exitCode === 0) app.quit()
      else app.exit(exitCode)
    }
  }

  async function askAndEnd(): Promise<void> {
    phase = 'asking'
    const jobs = runningJobs()
    if (jobs.length === 0 || (await confirmed(jobs))) return end(0)
    phase = 'open'
  }

  function now(exitCode = 0): void {
    if (phase === 'open' || phase === 'asking') void end(exitCode)
  }

  app.on('before-quit', (event) => {
    if (phase === 'closed') return
    event.preventDefault()
    if (phase === 'open') askAndEnd().catch((thrown: unknown) => failed(thrown))
  })
  const failed = (thrown: unknown) => {
    log.error('the question before the end could not be asked', thrown)
    now()
  }
  for (const signal of signals) process.on(signal, () => now())
  powerMonitor.on('shutdown', () => now())

  return { ending: () => phase === 'closing' || phase === 'closed', now }
}

/** Tells what runs and what becomes of it; true where the user wants to quit all the same. */
async function confirmed(jobs: readonly JobView[]): Promise<boolean> {
  const one = jobs.length === 1
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Quit Quayside?',
    message: one ? 'A job is still running.' : `${jobs.length} jobs are still running.`,
    detail: [
      ...jobs.map(describe),
      '',
      one
        ? 'It stops at a safe point and goes on when Quayside is opened next.'
        : 'They stop at a safe point and go on when Quayside is opened next.',
    ].join('\n'),
    buttons: ['Quit', 'Keep running'],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  return response === 0
}

function describe({ title, hostName }: JobView): string {
  return hostName === null ? title : `${title} on ${hostName}`
}

import { dialog } from 'electron'
import { toErrorData } from '../../shared/errors.ts'
import type { Log } from '../domain/ports.ts'

/** Writes whole into the log what nobody caught. After an exception the app has to `end`. */
export function logBugs(log: Log, end: () => void): void {
  process.on('unhandledRejection', (thrown) => {
    log.error('nobody handled a rejection', thrown)
  })
  process.on('uncaughtException', (thrown) => {
    log.error('nobody caught an exception', thrown)
    // What is true inside now is not known; jobs go on from their last step with the next start.
    end()
  })
}

/** Shows why the app cannot start: what happened, what to do, the technical cause. */
export async function showStartProblem(thrown: unknown): Promise<void> {
  const { message, hint, detail } = toErrorData(thrown)
  // Also where somebody started it from a terminal, or there is no one to see a window.
  process.stderr.write(`${[message, hint, detail].filter(isText).join('\n')}\n`)
  await dialog.showMessageBox({
    type: 'error',
    title: 'Quayside cannot start',
    message,
    detail: [hint, detail].filter(isText).join('\n\n'),
    buttons: ['Quit'],
    noLink: true,
  })
}

function isText(part: string | undefined): part is string {
  return part !== undefined
}

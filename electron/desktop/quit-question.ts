import { dialog } from 'electron'
import type { JobView } from '../../shared/contract/jobs.ts'
import { jobTitle } from './full-name.ts'
import type { QuitAnswer } from './quit.ts'

const answers = ['now', 'when-done', 'stay'] as const satisfies readonly QuitAnswer[]

/** Tells what runs and what becomes of it, and asks whether to quit all the same. */
export async function askToQuit(jobs: readonly JobView[]): Promise<QuitAnswer> {
  const one = jobs.length === 1
  const { response } = await dialog.showMessageBox({
    type: 'question',
    title: 'Quit Quayside?',
    message: one ? 'A job is still running.' : `${jobs.length} jobs are still running.`,
    detail: [
      ...jobs.map(jobTitle),
      '',
      one
        ? 'When you quit now, it stops at a safe point and goes on when Quayside is opened next.'
        : 'When you quit now, they stop at a safe point and go on when Quayside is opened next.',
    ].join('\n'),
    buttons: ['Quit now', one ? 'Quit when it is done' : 'Quit when they are done', 'Cancel'],
    defaultId: 1,
    cancelId: 2,
    noLink: true,
  })
  return answers[response] ?? 'stay'
}

import { dialog } from 'electron'
import type { JobView } from '../../shared/contract/jobs.ts'

/** Tells what runs and what becomes of it; true where the user wants to quit all the same. */
export async function askToQuit(jobs: readonly JobView[]): Promise<boolean> {
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

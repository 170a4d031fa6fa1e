import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { QuaysideError } from '../../shared/errors.ts'
import type { CliIo } from './io.ts'

/** Asks for one line on the terminal. @throws QuaysideError `cancelled` on Ctrl-C or Ctrl-D. */
export function ask(io: CliIo, question: string): Promise<string> {
  return readLine(io, question, true)
}

/** As `ask`, without showing what is typed. */
export async function askHidden(io: CliIo, question: string): Promise<string> {
  const answer = await readLine(io, question, false)
  io.stderr.write('\n')
  return answer
}

function readLine(io: CliIo, question: string, echo: boolean): Promise<string> {
  // readline echoes to its output: nowhere, when what is typed must not be seen.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({
    input: io.stdin,
    output: echo ? io.stderr : nowhere,
    terminal: true,
    historySize: 0,
  })
  // Only now: until readline has taken the terminal over, the terminal itself shows what is typed.
  if (!echo) io.stderr.write(question)
  return new Promise<string>((resolve, reject) => {
    const cancelled = () => reject(new QuaysideError('cancelled', 'Interrupted.'))
    lines.once('SIGINT', () => {
      cancelled()
      lines.close()
    })
    lines.once('close', cancelled)
    lines.question(echo ? question : '', (answer) => {
      resolve(answer)
      lines.close()
    })
  }).finally(() => io.stdin.pause())
}

import type { Duplex } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Host } from '../ports.ts'
import { answerEnd, cgroupScript } from './cgroup-script.ts'

/** One line asked at a time, and its answer. */
export interface ScriptChannel {
  /** @throws Error when the script has ended, or the time is up; then it is of no more use. */
  ask(line: string, signal: AbortSignal): Promise<string>
  close(): void
}

/** More than this is no answer, characters. */
const longestAnswer = 4 * 2 ** 20

/** Starts the script on a host. */
export async function openScript(host: Host, signal: AbortSignal): Promise<ScriptChannel> {
  const stream: Duplex = await host.stream(['sh', '-c', cgroupScript], signal)
  stream.setEncoding('utf8')
  let answer = ''
  let waiting: { resolve: (answer: string) => void; reject: (thrown: unknown) => void } | null =
    null

  const fail = (thrown: unknown): void => {
    const asked = waiting
    waiting = null
    stream.destroy()
    asked?.reject(thrown)
  }
  stream.on('data', (text: string) => {
    answer += text
    if (answer.length > longestAnswer) fail(new Error('The host’s answer is too long.'))
    if (!answer.endsWith(`\n${answerEnd}\n`)) return
    const asked = waiting
    waiting = null
    asked?.resolve(answer)
  })
  stream.on('error', fail)
  stream.on('end', () => fail(ended()))
  stream.on('close', () => fail(stream.errored ?? ended()))

  return {
    ask: (line, asking) =>
      new Promise((resolve, reject) => {
        const aborted = (): void => fail(asking.reason)
        const settle =
          <T>(how: (value: T) => void) =>
          (value: T) => {
            asking.removeEventListener('abort', aborted)
            how(value)
          }
        if (stream.destroyed) {
          reject(stream.errored ?? ended())
          return
        }
        answer = ''
        waiting = { resolve: settle(resolve), reject: settle(reject) }
        asking.addEventListener('abort', aborted, { once: true })
        if (asking.aborted) aborted()
        else stream.write(`${line}\n`)
      }),
    close: () => stream.destroy(),
  }
}

function ended(): QuaysideError {
  return new QuaysideError('host_lost', 'The host ended the reading of its statistics.')
}

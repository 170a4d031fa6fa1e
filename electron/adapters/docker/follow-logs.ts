import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import type { ContainerLogLine, LogOptions } from '../../domain/ports.ts'
import { bytesOf } from './answer-bytes.ts'
import { call } from './call.ts'
import { dockerError } from './docker-error.ts'
import { createLogLines } from './log-lines.ts'
import { isUnread, unreadLog } from './unread-log.ts'

/** As `Docker.followLogs`. */
export async function* followLogs(
  docker: Dockerode,
  id: string,
  options: LogOptions,
): AsyncGenerator<readonly ContainerLogLine[]> {
  const { signal } = options
  const linesOf = createLogLines()
  try {
    // The time limit is for the beginning: a log may be silent for days.
    const answer = await call({ signal }, async (within) => {
      try {
        return await openLogs(docker, id, options)
      } catch (thrown) {
        throw isUnread(thrown) ? await unreadLog(docker, id, thrown, within) : thrown
      }
    })
    const stop = (): void => void answer.destroy()
    signal.addEventListener('abort', stop, { once: true })
    try {
      for await (const chunk of bytesOf(answer)) {
        const lines = linesOf(chunk)
        if (lines.length > 0) yield lines
      }
    } finally {
      signal.removeEventListener('abort', stop)
      answer.destroy()
    }
  } catch (thrown) {
    if (signal.aborted) return
    throw dockerError(thrown)
  }
}

function openLogs({ modem }: Dockerode, id: string, options: LogOptions): Promise<Readable> {
  const { follow, tail, since, signal } = options
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `/containers/${encodeURIComponent(id)}/logs?`,
        method: 'GET',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
        options: {
          stdout: true,
          stderr: true,
          timestamps: true,
          follow,
          tail: tail ?? 'all',
          ...(since !== null && { since }),
        },
        abortSignal: signal,
      },
      (error, answer) => {
        if (answer instanceof Readable) resolve(answer)
        else reject(error ?? new Error('docker-modem gave no stream'))
      },
    )
  })
}

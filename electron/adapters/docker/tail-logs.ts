import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type Dockerode from 'dockerode'
import { orNull } from './call.ts'
import { bytesOf } from './answer-bytes.ts'
import { logFrames } from './log-frames.ts'
import { isUnread } from './unread-log.ts'

/** Of a container's last lines, no more than this is kept, bytes. */
const mostBytes = 64 * 1024

/** As `Docker.tailLogs`; a container that is gone, or whose log is not kept, said nothing. */
export async function tailLogs(
  docker: Dockerode,
  id: string,
  lines: number,
  abortSignal: AbortSignal,
): Promise<string> {
  const answer = await orNull(() => openLogs(docker, id, lines, abortSignal)).catch(
    (thrown: unknown) => {
      if (isUnread(thrown)) return null
      throw thrown
    },
  )
  if (answer === null) return ''
  return await pipeline(bytesOf(answer), logFrames(), lastLines)
}

async function lastLines(output: AsyncIterable<Buffer>): Promise<string> {
  let tail = Buffer.alloc(0)
  let length = 0
  for await (const piece of output) {
    length += piece.length
    tail = Buffer.concat([tail, piece]).subarray(-mostBytes)
  }
  // A line that lost its beginning may begin within a letter.
  return (length > mostBytes ? tail.subarray(tail.indexOf('\n') + 1) : tail).toString('utf8')
}

/** As a stream, which dockerode gives only where it follows: a line can be of any length. */
function openLogs(
  { modem }: Dockerode,
  id: string,
  lines: number,
  abortSignal: AbortSignal,
): Promise<Readable> {
  return new Promise((resolve, reject) => {
    const options = {
      path: `/containers/${encodeURIComponent(id)}/logs?`,
      method: 'GET',
      isStream: true,
      statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
      options: { stdout: true, stderr: true, tail: lines },
      abortSignal,
    }
    modem.dial(options, (error, answer) => {
      if (answer instanceof Readable) resolve(answer)
      else reject(error ?? new Error('docker-modem gave no stream'))
    })
  })
}

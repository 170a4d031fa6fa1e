import type { Readable, Writable } from 'node:stream'
import type { ExecOptions, ExecResult } from '../../domain/ports.ts'

/** Bytes of a program's output that are kept. */
const longestOutput = 4 * 1024 * 1024

/** A program that runs on a host, however it is reached. */
export interface RunningProgram {
  stdin: Writable
  stdout: Readable
  stderr: Readable
  /** Its exit code; rejects where none came. */
  ended: Promise<number>
  /** Gives the program up. */
  stop(): void
}

/** A program's output to its end. It is listened to at once, before this returns. */
export function collectOutput(
  { stdin, stdout, stderr, ended, stop }: RunningProgram,
  { signal, stdin: input }: ExecOptions,
): Promise<ExecResult> {
  return new Promise((resolve, reject) => {
    const out: Buffer[] = []
    const err: Buffer[] = []
    let bytes = 0
    const giveUp = (error: unknown) => {
      signal?.removeEventListener('abort', onAbort)
      stop()
      reject(error)
    }
    const onAbort = () => giveUp(signal?.reason)
    const take = (into: Buffer[]) => (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > longestOutput) giveUp(new Error('The program printed more than 4 MiB.'))
      else into.push(chunk)
    }
    stdout.on('data', take(out))
    stderr.on('data', take(err))
    ended
      .finally(() => signal?.removeEventListener('abort', onAbort))
      .then((code) => resolve({ code, stdout: textOf(out), stderr: textOf(err) }), reject)
    if (signal?.aborted) return onAbort()
    signal?.addEventListener('abort', onAbort, { once: true })
    if (input !== undefined) stdin.end(input)
  })
}

function textOf(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8')
}

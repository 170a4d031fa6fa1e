import { execFile, spawn } from 'node:child_process'
import { Duplex } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import type { ExecOptions, ExecResult } from '../../domain/ports.ts'
import { reasonOf } from './call.ts'

/** More output than this ends the program, bytes. */
const longestOutput = 4 * 2 ** 20

/** Runs a program on this computer without a shell; as `Host.exec`. */
export function runProgram(
  argv: readonly string[],
  { signal, stdin }: ExecOptions = {},
): Promise<ExecResult> {
  const [program = '', ...args] = argv
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: longestOutput, ...(signal && { signal }) }
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, stdout, stderr })
      else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr })
      else if (signal?.aborted === true) reject(reasonOf(signal))
      // As a shell says it: the program was not found, or can't be run.
      else if (error.code === 'ENOENT') resolve({ code: 127, stdout, stderr: error.message })
      else if (error.code === 'EACCES') resolve({ code: 126, stdout, stderr: error.message })
      else reject(noExitCode(program, error))
    })
    // A program that ends without reading its input breaks the pipe; its exit code tells the rest.
    child.stdin?.on('error', () => undefined)
    child.stdin?.end(stdin ?? '')
  })
}

/** Starts a program on this computer without a shell; as `Host.stream`. */
export function streamProgram(argv: readonly string[], signal?: AbortSignal): Promise<Duplex> {
  const [program = '', ...args] = argv
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(reasonOf(signal))
      return
    }
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    child.once('error', (cause) => reject(noExitCode(program, cause)))
    child.once('spawn', () => {
      const stream = Duplex.from({ writable: child.stdin, readable: child.stdout })
      stream.on('error', () => undefined)
      // Destroyed from this side: its input ends, and the program with it.
      stream.once('close', () => child.stdin.destroy())
      resolve(stream)
    })
  })
}

function noExitCode(program: string, cause: Error): QuaysideError {
  return new QuaysideError('host_lost', `“${program}” was ended before it was done.`, {
    hint: 'Something on this computer ended it. Retry.',
    cause,
  })
}

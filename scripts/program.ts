import { spawn, type SpawnOptions } from 'node:child_process'
import { dirname } from 'node:path'

/** The folder of the checkout. */
export const repository = dirname(import.meta.dirname)

/** Tells the person at the terminal what goes on, on stderr: stdout belongs to results. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

export type ProgramResult = {
  /** The exit code; null where a signal ended it or it could not be started. */
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export type ProgramOptions = Pick<SpawnOptions, 'cwd' | 'env'> & {
  /** Show its output on our stderr as it comes, instead of collecting it. */
  readonly show?: boolean
  /** Ends it after so many milliseconds. */
  readonly timeout?: number
  /** What it reads on its stdin; nothing otherwise. */
  readonly input?: string
}

/** Runs a program to its end. Never rejects: a program that is missing has code null and says so in stderr. */
export function runProgram(
  command: string,
  args: readonly string[],
  { show = false, input, ...options }: ProgramOptions = {},
): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: repository,
      ...options,
      stdio: [input === undefined ? 'ignore' : 'pipe', show ? 2 : 'pipe', show ? 2 : 'pipe'],
    })
    // A program that does not read to the end closes the pipe: its exit code tells the rest.
    child.stdin?.on('error', () => undefined).end(input)
    let stdout = ''
    let stderr = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', (error) => resolve({ code: null, stdout, stderr: error.message }))
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}

/** As {@link runProgram}, but throws with the end of its output where it fails. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options?: ProgramOptions,
): Promise<string> {
  const { code, stdout, stderr } = await runProgram(command, args, options)
  if (code === 0) return stdout
  const reason = (stderr || stdout).trim().split('\n').slice(-8).join('\n')
  throw new Error(
    `${command} ${args.slice(0, 3).join(' ')} failed (${code ?? 'no exit code'}). ${reason}`,
  )
}

/** Ends a script that failed with the reason alone; the stack is for DEBUG. */
export function fail(error: unknown): never {
  say(
    error instanceof Error ? (process.env['DEBUG'] && error.stack) || error.message : String(error),
  )
  process.exit(1)
}

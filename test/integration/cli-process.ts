import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../electron/cli/main.ts', import.meta.url))

/** How a command ended. */
export interface Outcome {
  code: number | null
  stdout: string
  stderr: string
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess
  /** The first line on stdout; rejects with what was said when there is none. */
  readonly firstLine: Promise<string>
  readonly ended: Promise<Outcome>
  /** Resolves once stderr holds that text. */
  said(text: string | RegExp): Promise<void>
}

/** What a command is started with beside its arguments. */
export interface StartOptions {
  stdin?: string
  /** A program to start it by, such as one that enters a namespace. */
  through?: readonly string[]
}

/** The command line as real processes, on data of their own. */
export interface CommandLine {
  readonly home: string
  start(argv: readonly string[], options?: StartOptions): Running
  run(...argv: string[]): Promise<Outcome>
  /** Runs with `--json`, which must succeed; the value on stdout. */
  json(...argv: string[]): Promise<unknown>
  /** Ends what still runs and removes the data, if they are its own. */
  remove(): Promise<void>
}

/** Makes a command line with a new, empty home, or on the data of another face. */
export async function createCommandLine(
  env: Readonly<Record<string, string>>,
  otherHome?: string,
): Promise<CommandLine> {
  const home = otherHome ?? (await mkdtemp(join(tmpdir(), 'quayside-cli-')))
  const children = new Set<ChildProcess>()

  const start: CommandLine['start'] = (argv, { stdin = '', through = [] } = {}) => {
    const [program = '', ...args] = [...through, process.execPath, main, ...argv]
    const child = spawn(program, args, {
      env: { ...process.env, ...env, QUAYSIDE_HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    children.add(child)
    // A command that ends without reading what it was given is no trouble here.
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
    return follow(child, () => children.delete(child))
  }

  const run = (...argv: string[]) => start(argv).ended

  return {
    home,
    start,
    run,
    async json(...argv) {
      const { code, stdout, stderr } = await run(...argv, '--json')
      if (code !== 0) throw new Error(`quayside ${argv.join(' ')} ended with ${code}: ${stderr}`)
      return JSON.parse(stdout) as unknown
    },
    async remove() {
      for (const child of children) child.kill('SIGKILL')
      if (otherHome === undefined) await rm(home, { recursive: true, force: true })
    },
  }
}

function follow(child: ChildProcess, onEnd: () => void): Running {
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    for (const listener of listeners) listener()
  })
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      onEnd()
      resolve({ code, stdout, stderr })
    })
  })
  const firstLine = new Promise<string>((resolve, reject) => {
    if (child.stdout === null) throw new Error('There is no stdout to read.')
    const lines = createInterface({ input: child.stdout })
    lines.once('line', resolve)
    lines.once('close', () => reject(new Error(`It said nothing. ${stderr}`)))
  })
  // Not every test reads the first line of every command.
  firstLine.catch(() => undefined)
  return {
    child,
    firstLine,
    ended,
    said: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (typeof text === 'string' ? !stderr.includes(text) : !text.test(stderr)) return
          listeners.delete(look)
          resolve()
        }
        listeners.add(look)
        look()
        ended.then(
          () => reject(new Error(`It ended without saying ${String(text)}: ${stderr}`)),
          reject,
        )
      }),
  }
}

/** Runs a program; its output, or an error with what it said. */
export function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { timeout: 30_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout.trim())
      else reject(new Error(`${program}: ${stderr || error.message}`))
    })
  })
}

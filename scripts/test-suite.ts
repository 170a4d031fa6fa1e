import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { repository, say } from './program.ts'

/** How many tests passed, failed and were skipped. */
export type Counts = {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
  /** What failed, a line each, to be said again at the very end of a long output. */
  readonly failures: readonly string[]
}

/** The environment variable by which `npm test` hands the lab that is up to its suites, as JSON. */
export const labVariable = 'QUAYSIDE_TEST_LAB'

export const noTests: Counts = { passed: 0, failed: 0, skipped: 0, failures: [] }

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          fullName: z.string(),
          failureMessages: z.array(z.string()).nullish(),
        }),
      ),
    }),
  ),
})

// A suite that hangs is ended, so that what it holds is given back and the others are still heard.
const suiteTimeout = 20 * 60_000
const graceTimeout = 8_000

export type SuiteOptions = {
  /** Only the files whose path contains one of these. */
  readonly filters: readonly string[]
  readonly env: NodeJS.ProcessEnv
  /** Ends the suite early, in good order. */
  readonly signal: AbortSignal
  /** Its name before each line of its output, where several write at once. */
  readonly named?: boolean
}

/** A project of vitest.config.ts, or a part of its files. */
export type SuitePart = {
  readonly suite: string
  /** Which part of how many, as vitest's `--shard` takes it. */
  readonly shard?: string
}

/** Runs a suite or a part of it to its end and counts its tests. No process of it stays. */
export async function runSuite(part: SuitePart, options: SuiteOptions): Promise<Counts> {
  const { suite: name, shard } = part
  const folder = await mkdtemp(join(tmpdir(), 'quayside-test-'))
  const file = join(folder, 'report.json')
  try {
    const code = await runVitest(
      name,
      [
        ...['run', '--project', name, '--passWithNoTests', ...options.filters],
        ...(shard === undefined ? [] : [`--shard=${shard}`]),
        ...['--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
      ],
      options,
    )
    return count(name, code, await readFile(file, 'utf8').catch(() => undefined))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function runVitest(
  name: string,
  args: readonly string[],
  { env, signal, named = false }: SuiteOptions,
): Promise<number> {
  const program = join(repository, 'node_modules/vitest/vitest.mjs')
  const child = spawn(process.execPath, [program, ...args], {
    cwd: repository,
    env,
    stdio: ['ignore', named ? 'pipe' : 'inherit', named ? 'pipe' : 'inherit'],
    // A process group of its own, so that what a test left behind can be ended with it, and nothing else.
    detached: process.platform !== 'win32',
  })
  const told = Promise.all([
    tell(name, child.stdout, process.stdout),
    tell(name, child.stderr, process.stderr),
  ])
  const end = () => {
    child.kill('SIGTERM')
    void sleep(graceTimeout, undefined, { ref: false }).then(() => endGroup(child.pid))
  }
  const timer = globalThis.setTimeout(() => {
    say(`The suite did not end within ${suiteTimeout / 60_000} minutes.`)
    end()
  }, suiteTimeout)
  if (signal.aborted) end()
  signal.addEventListener('abort', end)
  await once(child, 'exit')
  clearTimeout(timer)
  signal.removeEventListener('abort', end)
  endGroup(child.pid)
  // What left the group and still holds the pipe is not waited for.
  await Promise.race([told, sleep(2_000, undefined, { ref: false })])
  return child.exitCode ?? 1
}

/** Passes a suite's output on line by line, under its name. */
async function tell(name: string, from: Readable | null, to: Writable): Promise<void> {
  if (from === null) return
  for await (const line of createInterface({ input: from })) to.write(`${name} │ ${line}\n`)
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined || process.platform === 'win32') return
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Nobody is left in the group: as it should be.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}

/** What vitest's own report and exit code amount to; a failure outside any test is one, too. */
export function count(name: string, code: number, json: string | undefined): Counts {
  if (json === undefined) {
    say(`The suite ${name} ended without a report (exit code ${code}).`)
    return oneFailure(`${name}: ended without a report (exit code ${code})`)
  }
  const result = report.parse(JSON.parse(json))
  const failures = result.testResults.flatMap((file) => {
    if (file.status !== 'failed') return []
    const place = `${name}: ${relative(repository, file.name)}`
    if (file.assertionResults.length === 0) return [`${place}: ${firstLine(file.message)}`]
    return file.assertionResults
      .filter(({ status }) => status === 'failed')
      .map((test) => `${place}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`)
  })
  const broken = result.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  ).length
  const failed = result.numFailedTests + broken
  const silent = failed === 0 && code !== 0
  return {
    passed: result.numPassedTests,
    failed: silent ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
    failures: silent ? [`${name}: an error outside of any test (exit code ${code})`] : failures,
  }
}

/** A failure that no report counts. */
export function oneFailure(what: string): Counts {
  return { ...noTests, failed: 1, failures: [what] }
}

function firstLine(text = ''): string {
  return text.split('\n', 1)[0] ?? ''
}

import { ensureElectron } from './electron.ts'
import { fail, say } from './program.ts'
import { ensureSystemLibraries, isDebian } from './system-libraries.ts'
import { labVariable, noTests, oneFailure, runSuite, type Counts } from './test-suite.ts'

// In this order: what fails fast comes first.
const suites = ['unit', 'conformance', 'integration', 'faults', 'e2e']
const withoutLab = ['unit', 'conformance']

/** `npm test [-- SUITE… FILTER…]`: all suites, or those named, each with the files that match. */
async function test(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  const filters = args.filter((argument) => !suites.includes(argument))
  const wanted = suites.filter((suite) => args.length === filters.length || args.includes(suite))
  const obstacle = wanted.some(needsLab) ? labObstacle() : undefined
  const chosen = wanted.filter((suite) => !(needsLab(suite) && obstacle))

  let total = noTests
  const empty: string[] = []
  const run = async (suite: string, env: NodeJS.ProcessEnv): Promise<void> => {
    if (signal.aborted) return
    say(`\n── ${suite} ──`)
    const counts = await runSuite(suite, { filters, env, signal })
    total = add(total, counts)
    if (sum(counts) === 0) empty.push(suite)
  }

  for (const suite of chosen.filter((name) => !needsLab(name))) await run(suite, process.env)
  if (chosen.some(needsLab) && !signal.aborted) {
    await withLab(chosen.includes('e2e'), async (env) => {
      for (const suite of chosen.filter(needsLab)) await run(suite, env)
    }).catch((error: unknown) => {
      const reason = `The lab failed: ${error instanceof Error ? error.message : String(error)}`
      say(reason)
      total = add(total, oneFailure(reason))
    })
  }

  const left = wanted.filter((suite) => !chosen.includes(suite))
  if (left.length > 0) say(`\nLeft out: ${left.join(', ')}. ${obstacle ?? ''}`)
  if (empty.length > 0) say(`\nNo test ran in ${empty.join(', ')}.`)
  if (total.failures.length > 0) say(`\nFailed:\n${total.failures.join('\n')}`)
  process.stdout.write(`\n${summary(total)}\n`)
  // A filter may well leave a suite empty, but a suite without any test proves nothing.
  const enough = total.passed > 0 && (empty.length === 0 || filters.length > 0)
  return enough && total.failed === 0 && !signal.aborted
}

/** Installs what the lab's suites need, brings the lab up once for all of them, and takes it down. */
async function withLab(
  window: boolean,
  work: (env: NodeJS.ProcessEnv) => Promise<void>,
): Promise<void> {
  await ensureSystemLibraries([
    'lab',
    'keychain',
    ...(window ? (['window', 'display'] as const) : []),
  ])
  if (window) await ensureElectron()
  const { openLab } = await import('../test/lab/lab.ts')
  say('\n── the lab comes up ──')
  const lab = await openLab({ hosts: 2 })
  try {
    const { hosts, local, env } = lab
    const description = JSON.stringify({ hosts, local, env })
    await work({ ...process.env, ...env, [labVariable]: description })
  } finally {
    await lab.down()
  }
}

function needsLab(suite: string): boolean {
  return !withoutLab.includes(suite)
}

/** Why the lab cannot run on this machine; undefined where it can. */
function labObstacle(): string | undefined {
  if (process.platform !== 'linux')
    return 'The lab needs Linux: its hosts are network namespaces. Run these suites in a Debian machine.'
  if (process.getuid?.() !== 0)
    return 'The lab needs root: it makes network namespaces and starts Docker engines in them. Run `sudo npm test`.'
  if (!isDebian())
    return "The lab needs Debian or Ubuntu: its images are made of that system's packages."
  return undefined
}

function add(a: Counts, b: Counts): Counts {
  return {
    passed: a.passed + b.passed,
    failed: a.failed + b.failed,
    skipped: a.skipped + b.skipped,
    failures: [...a.failures, ...b.failures],
  }
}

function sum({ passed, failed, skipped }: Counts): number {
  return passed + failed + skipped
}

function summary({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, () => {
    if (!interrupt.signal.aborted) say('\nInterrupted: ending what runs, and taking the lab down …')
    interrupt.abort()
  })
const passed = await test(process.argv.slice(2), interrupt.signal).catch(fail)
process.exit(interrupt.signal.aborted ? 130 : passed ? 0 : 1)

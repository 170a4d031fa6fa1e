import { fail, say } from './program.ts'
import { labObstacle, prepareForLab, withLab } from './test-lab.ts'
import { noTests, oneFailure, runSuite, type Counts } from './test-suite.ts'

const withoutLab = ['unit', 'conformance']
// Most of a suite's time goes into waiting for something real. So they run side by side, each lane with
// a lab of its own: what breaks a host here is not noticed there.
const labLanes = [['integration'], ['faults'], ['e2e']]
const suites = [...withoutLab, ...labLanes.flat()]

/** `npm test [-- SUITE… FILTER…]`: all suites, or those named, each with the files that match. */
async function test(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  const filters = args.filter((argument) => !suites.includes(argument))
  const wanted = suites.filter((suite) => args.length === filters.length || args.includes(suite))
  const obstacle = wanted.some(needsLab) ? labObstacle() : undefined
  const chosen = wanted.filter((suite) => !(needsLab(suite) && obstacle))
  const quick = chosen.filter((suite) => !needsLab(suite))
  const lanes = labLanes
    .map((lane) => lane.filter((suite) => chosen.includes(suite)))
    .filter((lane) => lane.length > 0)
  const several = lanes.length + (quick.length > 0 ? 1 : 0) > 1

  let total = noTests
  const empty: string[] = []
  const run = async (suite: string, env: NodeJS.ProcessEnv): Promise<void> => {
    if (signal.aborted) return
    say(`\n── ${suite} ──`)
    const begin = performance.now()
    const counts = await runSuite(suite, { filters, env, signal, named: several })
    say(`── ${suite}: ${summary(counts)} in ${Math.round((performance.now() - begin) / 1000)} s ──`)
    total = add(total, counts)
    if (sum(counts) === 0) empty.push(suite)
  }

  // These need the processor for themselves, a lab that comes up mostly waits: it does so meanwhile.
  const quickOnes = (async () => {
    for (const suite of quick) await run(suite, process.env)
  })()
  const prepared = lanes.length > 0 ? prepareForLab(chosen.includes('e2e')) : undefined
  const inLab = async (lane: readonly string[], nth: number): Promise<void> => {
    await prepared
    if (signal.aborted) return
    await withLab(nth, async (env) => {
      await quickOnes
      for (const suite of lane) await run(suite, env)
    })
  }
  const labs = lanes.map((lane, index) =>
    inLab(lane, index + 1).catch((error: unknown) => {
      const reason = `The lab of ${lane.join(', ')} failed: ${error instanceof Error ? error.message : String(error)}`
      say(reason)
      total = add(total, oneFailure(reason))
    }),
  )
  await Promise.all([quickOnes, ...labs])

  const left = wanted.filter((suite) => !chosen.includes(suite))
  if (left.length > 0) say(`\nLeft out: ${left.join(', ')}. ${obstacle ?? ''}`)
  if (empty.length > 0) say(`\nNo test ran in ${empty.join(', ')}.`)
  if (total.failures.length > 0) say(`\nFailed:\n${total.failures.join('\n')}`)
  process.stdout.write(`\n${summary(total)}\n`)
  // A filter may well leave a suite empty, but a suite without any test proves nothing.
  const enough = total.passed > 0 && (empty.length === 0 || filters.length > 0)
  return enough && total.failed === 0 && !signal.aborted
}

function needsLab(suite: string): boolean {
  return !withoutLab.includes(suite)
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

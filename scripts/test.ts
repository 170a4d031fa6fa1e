import { fail, say } from './program.ts'
import { labObstacle, prepareForLab, withLab } from './test-lab.ts'
import { noTests, oneFailure, runSuite, type Counts, type SuitePart } from './test-suite.ts'

const withoutLab = ['unit', 'conformance']
// Into how many parts a suite is cut. The window's is whole and first: it expects a lab as it comes up.
const labSuites = { e2e: 1, faults: 8, integration: 8 }
// Most of a test's time goes into waiting for something real. So several run side by side, each with a
// lab of its own: what breaks a host here is not noticed there. Each takes the next part that is left.
const labs = 3
const suites = [...withoutLab, ...Object.keys(labSuites)]

/** `npm test [-- SUITE… FILTER…]`: all suites, or those named, each with the files that match. */
async function test(args: readonly string[], signal: AbortSignal): Promise<boolean> {
  const filters = args.filter((argument) => !suites.includes(argument))
  const wanted = suites.filter((suite) => args.length === filters.length || args.includes(suite))
  const obstacle = wanted.some(needsLab) ? labObstacle() : undefined
  const chosen = wanted.filter((suite) => !(needsLab(suite) && obstacle))
  const quick = chosen.filter((suite) => !needsLab(suite))
  const left = partsOf(chosen, filters)
  const lanes = Math.min(labs, left.length)
  const several = lanes + Math.min(1, quick.length) > 1

  let total = noTests
  const empty: string[] = []
  const run = async (part: SuitePart, env: NodeJS.ProcessEnv): Promise<void> => {
    if (signal.aborted) return
    const name = nameOf(part)
    say(`\n── ${name} ──`)
    const begin = performance.now()
    const counts = await runSuite(part, { filters, env, signal, named: several })
    say(`── ${name}: ${summary(counts)} in ${Math.round((performance.now() - begin) / 1000)} s ──`)
    total = add(total, counts)
    if (sum(counts) === 0) empty.push(name)
  }

  // These need the processor for themselves, a lab that comes up mostly waits: it does so meanwhile.
  const quickOnes = (async () => {
    for (const suite of quick) await run({ suite }, process.env)
  })()
  const prepared = lanes > 0 ? prepareForLab(chosen.includes('e2e')) : undefined
  const inLab = async (nth: number): Promise<void> => {
    await prepared
    if (signal.aborted) return
    await withLab(nth, async (env) => {
      await quickOnes
      for (let part = left.shift(); part !== undefined; part = left.shift()) await run(part, env)
    })
  }
  const inLabs = Array.from({ length: lanes }, (_, index) =>
    inLab(index + 1).catch((error: unknown) => {
      const reason = `Lab ${index + 1} failed: ${error instanceof Error ? error.message : String(error)}`
      say(reason)
      total = add(total, oneFailure(reason))
    }),
  )
  await Promise.all([quickOnes, ...inLabs])

  const out = wanted.filter((suite) => !chosen.includes(suite))
  if (out.length > 0) say(`\nLeft out: ${out.join(', ')}. ${obstacle ?? ''}`)
  if (empty.length > 0) say(`\nNo test ran in ${empty.join(', ')}.`)
  if (total.failures.length > 0) say(`\nFailed:\n${total.failures.join('\n')}`)
  process.stdout.write(`\n${summary(total)}\n`)
  // A filter may well leave a suite empty, but a suite without any test proves nothing.
  const enough = total.passed > 0 && (empty.length === 0 || filters.length > 0)
  return enough && total.failed === 0 && !signal.aborted
}

/** What is to be run against a lab, in the order in which it is begun. */
function partsOf(chosen: readonly string[], filters: readonly string[]): SuitePart[] {
  return Object.entries(labSuites).flatMap(([suite, parts]) => {
    if (!chosen.includes(suite)) return []
    // A few files are not worth more than one lab.
    if (parts === 1 || filters.length > 0) return [{ suite }]
    return Array.from({ length: parts }, (_, index) => ({ suite, shard: `${index + 1}/${parts}` }))
  })
}

function nameOf({ suite, shard }: SuitePart): string {
  return shard === undefined ? suite : `${suite} ${shard}`
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

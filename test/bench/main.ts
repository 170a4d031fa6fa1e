// `npm run bench [-- --json] [-- ROW…]`: speed as ratios, measured against a lab of its own. The rows
// go to stdout, as a table or as JSON; what goes on is told on stderr.
import { parseArgs } from 'node:util'
import { buildApp } from '../../scripts/build.ts'
import { startDisplay, type Display } from '../../scripts/display.ts'
import { fail, say } from '../../scripts/program.ts'
import { ensureSystemLibraries } from '../../scripts/system-libraries.ts'
import { backup, backupInput, backupMemory, verify } from './backup.ts'
import { openBenchLab } from './bench-lab.ts'
import { create } from './create.ts'
import { dockerList } from './docker-list.ts'
import { input } from './input.ts'
import { restore } from './restore.ts'
import type { Benchmark, Row } from './row.ts'
import { rows as rowsOfList } from './rows.ts'
import { memory, start } from './start.ts'
import { stats } from './stats.ts'
import { tunnelAlone, tunnelLatency, tunnelThroughput } from './tunnel.ts'

const benchmarks: readonly Benchmark[] = [
  dockerList,
  create,
  tunnelThroughput,
  tunnelLatency,
  tunnelAlone,
  backup,
  verify,
  restore,
  backupMemory,
  backupInput,
  start,
  memory,
  rowsOfList,
  input,
  stats,
]

interface Options {
  json: boolean
  chosen: readonly Benchmark[]
}

function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  })
  const known = benchmarks.map(({ name }) => name)
  const unknown = positionals.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    throw new Error(`There is no row "${unknown}". The rows are ${known.join(', ')}.`)
  }
  const chosen = benchmarks.filter(
    ({ name }) => positionals.length === 0 || positionals.includes(name),
  )
  return { json: values.json, chosen }
}

async function bench({ json, chosen }: Options, signal: AbortSignal): Promise<void> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new Error('The bench needs Linux and root: it starts a Docker host of its own, the lab.')
  }
  await ensureSystemLibraries(['lab', 'keychain'])
  const display = chosen.some(({ window }) => window) ? await prepareWindow() : undefined
  say('── the lab comes up')
  const lab = await openBenchLab()
  const rows: Row[] = []
  try {
    for (const benchmark of chosen) {
      signal.throwIfAborted()
      say(`── ${benchmark.name}`)
      const measured = [await benchmark.measure(lab, signal)].flat()
      rows.push(...measured)
      for (const row of measured) {
        const name = measured.length > 1 ? `${row.name} ` : ''
        for (const { text, met } of benchmark.aims(row)) say(`  ${met ? '✓' : '✗'} ${name}${text}`)
      }
    }
  } finally {
    say('── the lab goes down')
    await lab.down()
    await display?.stop()
  }
  process.stdout.write(json ? `${JSON.stringify(rows, null, 2)}\n` : table(rows))
}

/** The app as it is shipped, and a screen of the bench's own. */
async function prepareWindow(): Promise<Display> {
  await ensureSystemLibraries(['window', 'display'])
  await buildApp()
  const display = await startDisplay()
  Object.assign(process.env, display.env)
  return display
}

function table(rows: readonly Row[]): string {
  const head = ['', 'ours', 'peer', 'floor', 'unit', 'ours / peer']
  const lines = rows.map(({ name, ours, peer, floor, unit, ratio }) => [
    name,
    ...[ours, peer, floor].map(String),
    unit,
    String(ratio),
  ])
  const all = [head, ...lines]
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)))
  const text = all.map((line) =>
    line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
  )
  return `${text.map((line) => line.trimEnd()).join('\n')}\n`
}

const interrupt = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => interrupt.abort(new Error('Interrupted.')))
}
try {
  await bench(readOptions(process.argv.slice(2)), interrupt.signal)
} catch (thrown) {
  fail(thrown)
}
process.exit(0)

import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { repository, runProgram, say } from './program.ts'

const cache = join(repository, 'node_modules/.cache')
const prettierCache = join(cache, 'quayside-prettier')
const eslintCache = join(cache, 'quayside-eslint')
const checks = {
  format: [
    'prettier/bin/prettier.cjs',
    '--check',
    '--log-level=warn',
    '.',
    '--cache-location',
    prettierCache,
    '--cache',
  ],
  lint: [
    'eslint/bin/eslint.js',
    '.',
    '--max-warnings=0',
    '--cache-location',
    eslintCache,
    '--cache',
  ],
  types: [
    'typescript/bin/tsc',
    '--noEmit',
    '--project',
    '.',
    '--pretty',
    'false',
    '--incremental',
    '--tsBuildInfoFile',
    join(cache, 'quayside-types.json'),
  ],
  // Without its cache, which takes files that came since for missing.
  'dead code': ['knip/bin/knip.js', '--no-progress'],
}

/** `npm run check`: format, lint, types and dead code, side by side. */
async function check(): Promise<boolean> {
  mkdirSync(cache, { recursive: true })
  const results = await Promise.all(Object.entries(checks).map(([name, args]) => run(name, args)))
  return results.every((passed) => passed)
}

/** Tells of it as soon as it is over; resolves with whether all is well. */
async function run(name: string, [script = '', ...args]: readonly string[]): Promise<boolean> {
  const begin = performance.now()
  const program = join(repository, 'node_modules', script)
  const { code, stdout, stderr } = await runProgram(process.execPath, [program, ...args])
  const seconds = (performance.now() - begin) / 1000
  const passed = code === 0
  if (!passed) say(`\n${`${stdout}${stderr}`.trim()}\n`)
  say(`${passed ? '✓' : '✗'} ${name.padEnd(10)} ${seconds.toFixed(1)} s`)
  return passed
}

process.exit((await check()) ? 0 : 1)

// The first program of every npm script. It runs on a fresh clone, under whichever Node the machine
// has and without node_modules: it installs the dependencies where they are missing or no longer
// those of the lockfile, then hands over to the project's own Node (24), which runs TypeScript as it is.
// It never writes to stdout: the output of a target is parsed by programs.
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { basename, delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const targets = {
  start: 'scripts/start.ts',
  demo: 'scripts/demo.ts',
  test: 'scripts/test.ts',
  lab: 'test/lab/main.ts',
  cli: 'electron/cli/main.ts',
  bench: 'test/bench/main.ts',
  check: 'scripts/check.ts',
  package: 'scripts/package.ts',
}
const windows = process.platform === 'win32'
const ownNode = join(root, 'node_modules/node/bin', windows ? 'node.exe' : 'node')

/** True when each package that the lockfile demands stands in node_modules in that version. */
function dependenciesAreThere() {
  const wanted = join(root, 'package-lock.json')
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(ownNode) || !existsSync(installed)) return false
  if (statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return true
  // A checkout touches the lockfile without changing it: what counts is what it says.
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages
  const demanded = JSON.parse(readFileSync(wanted, 'utf8')).packages
  return Object.entries(demanded).every(
    ([path, { version, optional }]) =>
      path === '' || there[path]?.version === version || (optional && !there[path]),
  )
}

/** Runs npm with its output on stderr; ends this program where npm fails. */
function npm(...args) {
  const program = process.env.npm_execpath ?? ''
  const own = basename(program) === 'npm-cli.js'
  const { status, error } = own
    ? spawnSync(process.execPath, [program, ...args], npmOptions)
    : spawnSync('npm', args, { ...npmOptions, shell: windows })
  if (status === 0) return
  console.error(
    `npm ${args[0]} failed${error ? `: ${error.message}` : ''}. Mend that and try again.`,
  )
  process.exit(status || 1)
}

const npmOptions = { cwd: root, stdio: ['ignore', process.stderr, process.stderr] }

if (!dependenciesAreThere()) {
  console.error('Installing the dependencies (npm ci) …')
  // Install scripts of packages do not run here, but for the one that puts Node 24 in place: all
  // others come with prebuilt binaries or have a part in plain JavaScript.
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund')
  npm('rebuild', 'node', '--ignore-scripts=false')
  if (!existsSync(ownNode)) {
    console.error('npm put no Node 24 into node_modules. Delete node_modules and try again.')
    process.exit(1)
  }
}

const [target, ...args] = process.argv.slice(2)
// Without a target this only installs.
if (target === undefined) process.exit(0)
if (!Object.hasOwn(targets, target)) {
  console.error(
    `There is no target "${target}". The targets are ${Object.keys(targets).join(', ')}.`,
  )
  process.exit(2)
}

const script = join(root, targets[target])
if (!existsSync(script)) {
  console.error(`The target "${target}" needs ${targets[target]}, which is not in this checkout.`)
  process.exit(2)
}

const child = spawn(ownNode, [script, ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: join(root, 'node_modules/.bin') + delimiter + (process.env.PATH ?? ''),
  },
})

// A terminal sends Ctrl+C to the whole group, the child has it already; a `kill` reaches only us.
const interactive = process.stdin.isTTY === true
const forward = (signal) => {
  if (signal !== 'SIGINT' || !interactive) child.kill(signal)
}
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
for (const signal of signals) process.on(signal, forward)

child.on('error', (error) => {
  console.error(`Node could not be started: ${error.message}`)
  process.exit(1)
})
child.on('exit', (code, signal) => {
  if (signal === null) process.exit(code ?? 1)
  for (const each of signals) process.removeAllListeners(each)
  process.kill(process.pid, signal)
})

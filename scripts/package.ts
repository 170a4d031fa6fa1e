import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Arch, build, Platform, type Configuration } from 'electron-builder'
import { buildApp } from './build.ts'
import { makeDeb } from './deb.ts'
import { ensureElectron, type Electron } from './electron.ts'
import { fail, repository, say } from './program.ts'
import { ensureSystemLibraries } from './system-libraries.ts'
import { feedConfig, wantedFeed, writeChannelFile } from './update-feed.ts'

/** `npm run package [-- --quick]`: what can be installed on this system, in dist/; quick to try it out. */
async function packageApp(): Promise<void> {
  const feed = wantedFeed(process.env)
  await ensureSystemLibraries(['window'])
  await buildApp()
  const electron = await ensureElectron()
  const linux = process.platform === 'linux'
  const arch = process.arch === 'arm64' ? Arch.arm64 : Arch.x64
  say('Packaging the app …')
  await build({
    targets: Platform.current().createTarget(linux ? 'dir' : undefined, arch),
    publish: 'never',
    projectDir: repository,
    config: {
      extends: 'electron-builder.yml',
      ...(feed === null ? {} : await feedConfig(feed)),
      ...configOf(electron, feed !== null),
    },
  })
  if (!linux) return
  const deb = await makeDeb(join(repository, 'dist/linux-unpacked'), {
    quick: process.argv.includes('--quick'),
  })
  if (feed !== null) await writeChannelFile(join(repository, deb), feed)
  say(`${deb} is ready.`)
}

function configOf(electron: Electron, updates: boolean): Configuration {
  const dist = join(electron.executablePath, '..')
  const electronIsHere = { electronDist: dist, electronVersion: electron.version }
  if (electron.source !== 'stand-in') return electronIsHere
  say('There is only the stand-in for Electron here: the package is for tests, not for users.')
  const modules = join(dist, 'resources/app/node_modules')
  return {
    ...electronIsHere,
    // This Electron has no Node-API that better-sqlite3 13 needs: the one that came with it goes in.
    files: [
      '!node_modules/better-sqlite3/**',
      ...['better-sqlite3', 'bindings', 'file-uri-to-path'].map((name) => ({
        from: join(modules, name),
        to: `node_modules/${name}`,
      })),
    ],
    // Its default app, and the feed of the program that it comes from.
    async afterPack({ appOutDir }) {
      const foreign = updates ? ['app'] : ['app', 'app-update.yml']
      for (const name of foreign)
        await rm(join(appOutDir, 'resources', name), { recursive: true, force: true })
    },
  }
}

await packageApp().catch(fail)

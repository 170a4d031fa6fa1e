// The default app of the stand-in Electron (see electron-stand-in.ts): takes the first argument that
// is no flag as the app's folder and starts it, as Electron's own default app does.
import { app } from 'electron'
import { readFileSync } from 'node:fs'
import Module, { createRequire, register } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

// better-sqlite3 13 needs a newer Node-API than this Electron has. The 11.5.0 that came with it has
// the same interface, so both ways of loading a module are led to it.
const sqlite = createRequire(import.meta.url).resolve('better-sqlite3')
const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  return request === 'better-sqlite3' ? sqlite : resolveFilename.call(this, request, ...rest)
}
register(new URL('./sqlite-hook.mjs', import.meta.url), { data: pathToFileURL(sqlite).href })

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'))
if (folder === undefined) {
  console.error('Name the folder of an app: electron FOLDER')
  app.exit(2)
} else {
  const path = resolve(folder)
  const { name, productName, version, main } = JSON.parse(
    readFileSync(join(path, 'package.json'), 'utf8'),
  )
  process.defaultApp = true
  app.setAppPath(path)
  app.setName(productName ?? name)
  app.setVersion(version)
  // Awaited, so that the app's own top level runs before Electron is ready: a privileged scheme
  // can only be registered until then.
  await import(pathToFileURL(join(path, main)))
}

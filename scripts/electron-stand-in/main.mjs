// The default app of the stand-in Electron (see electron-stand-in.ts): takes the first argument that
// is no flag as the app's folder and starts it, as Electron's own default app does.
import { app } from 'electron'
import { readFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import threads, { setEnvironmentData, Worker } from 'node:worker_threads'
import './lead-sqlite.mjs'

threads.Worker = class extends Worker {
  constructor(module, options) {
    setEnvironmentData('stand-in: module', String(module))
    super(new URL('./thread.mjs', import.meta.url), options)
  }
}
syncBuiltinESMExports()

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

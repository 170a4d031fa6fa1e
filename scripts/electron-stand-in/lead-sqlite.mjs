// better-sqlite3 13 needs a newer Node-API than this Electron has. The 11.5.0 that came with it has
// the same interface, so both ways of loading a module are led to it, in whichever thread.
import Module, { createRequire, register } from 'node:module'
import { pathToFileURL } from 'node:url'

const sqlite = createRequire(import.meta.url).resolve('better-sqlite3')
const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  return request === 'better-sqlite3' ? sqlite : resolveFilename.call(this, request, ...rest)
}
register(new URL('./sqlite-hook.mjs', import.meta.url), { data: pathToFileURL(sqlite).href })

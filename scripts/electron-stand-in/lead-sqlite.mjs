// better-sqlite3 13 needs a newer Node-API than this Electron has. The 11.5.0 that came with it has
// the same interface, so both ways of loading a module are led to it, in whichever thread. A hook of the
// module loader (`register`) would do too, but is a thread through which every import has to go.
import Module, { createRequire } from 'node:module'
import { sep } from 'node:path'

const require = createRequire(import.meta.url)
const sqlite = require.resolve('better-sqlite3')
const asked = ['', 'node_modules', 'better-sqlite3', 'lib', 'index.js'].join(sep)

const resolveFilename = Module._resolveFilename
Module._resolveFilename = function (request, ...rest) {
  return request === 'better-sqlite3' ? sqlite : resolveFilename.call(this, request, ...rest)
}

// An `import` of a CommonJS module has its file run by this.
const run = Module._extensions['.js']
Module._extensions['.js'] = function (module, filename) {
  if (filename !== sqlite && filename.endsWith(asked)) module.exports = require(sqlite)
  else run.call(this, module, filename)
}

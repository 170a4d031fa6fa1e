// Leads `import 'better-sqlite3'` to the copy that fits the stand-in Electron.
let target

export function initialize(url) {
  target = url
}

export function resolve(specifier, context, next) {
  return specifier === 'better-sqlite3'
    ? { url: target, shortCircuit: true }
    : next(specifier, context)
}

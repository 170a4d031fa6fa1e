import { builtinModules } from 'node:module'

/** What an import leads to: a file of ours (path from the root), or a package or a module of Node. */
export type Target =
  | { readonly kind: 'ours'; readonly path: string; readonly typeOnly: boolean }
  | { readonly kind: 'package'; readonly name: string; readonly typeOnly: boolean }

type Room = {
  readonly name: string
  /** Which files belong to it; `x` is the folder of an engine, a destination, an adapter or a feature. */
  readonly files: RegExp
  /** Whether a file of the room may import this one of ours. */
  readonly ours: (target: string, x: string, typeOnly: boolean) => boolean
  /** Whether it may import this package; where left out, each that no other room owns. */
  readonly package?: (name: string, typeOnly: boolean) => boolean
}

const shared = /^shared\//
const domain = /^electron\/domain\//
const ports = /^electron\/domain\/ports(\.ts|\/)/
const interfaces = /^electron\/(engines\/engine(-backup)?|destinations\/destination)\.ts$/
const core = /^electron\/(domain|engines|destinations|adapters)\/|^electron\/compose(\.ts|\/)/
const network = /^(net|tls|http|https|http2|dgram|dns|child_process)(\/|$)/

/** Whether a package is a module of Node itself; answers with its name without `node:`. */
function builtin(name: string): string | undefined {
  const bare = name.replace(/^node:/, '')
  return name.startsWith('node:') || builtinModules.includes(bare) ? bare : undefined
}

/** The house: who may import whom, a row each. The first match counts. */
export const rooms: readonly Room[] = [
  { name: 'tests', files: /^test\/|\.test\.tsx?$/, ours: () => true, package: () => true },
  { name: 'scripts', files: /^scripts\/|^[^/]+$/, ours: () => true, package: () => true },
  {
    name: 'shared',
    files: shared,
    ours: (target) => shared.test(target),
    package: (name) => name === 'zod',
  },
  {
    name: 'renderer',
    files: /^renderer\/features\/([^/]+)\/|^renderer\//,
    ours: (target, x) => {
      const feature = /^renderer\/features\/([^/]+)\/(.+)$/.exec(target)
      if (!feature || x === '' || feature[1] === x) return /^(shared|renderer)\//.test(target)
      return feature[2] === 'queries.ts'
    },
    package: (name) => builtin(name) === undefined && isFree(name),
  },
  {
    name: 'preload',
    files: /^electron\/preload\.ts$/,
    ours: (target, _x, typeOnly) => typeOnly && shared.test(target),
    package: (name) => name === 'electron',
  },
  {
    name: 'main',
    files: /^electron\/(main|before-core|behind-window|heavy-thread|cli\/main)\.ts$/,
    ours: () => true,
    package: () => true,
  },
  {
    name: 'ipc',
    files: /^electron\/ipc\//,
    ours: (target) => /^electron\/ipc\//.test(target) || shared.test(target) || domain.test(target),
    package: (name) => name === 'electron' || isFree(name),
  },
  {
    name: 'cli',
    files: /^electron\/cli\//,
    ours: (target) => /^electron\/cli\//.test(target) || shared.test(target) || domain.test(target),
  },
  {
    name: 'domain',
    files: domain,
    ours: (target) => shared.test(target) || domain.test(target) || interfaces.test(target),
    package: (name) => !network.test(builtin(name) ?? '') && isFree(name),
  },
  {
    name: 'engine',
    files: /^electron\/engines\/([^/]+)\//,
    ours: (target, x) =>
      shared.test(target) ||
      /^electron\/engines\/engine(-backup)?\.ts$/.test(target) ||
      target.startsWith(`electron/engines/${x}/`),
    package: (name) => {
      const node = builtin(name)
      // TLS is a part of what it speaks, over the stream that it is given.
      if (node === 'tls') return true
      if (node !== undefined) return !network.test(node) && !/^fs(\/|$)/.test(node)
      return isFree(name)
    },
  },
  {
    name: 'engines',
    files: /^electron\/engines\/[^/]+$/,
    ours: (target) => shared.test(target) || /^electron\/engines\//.test(target),
  },
  {
    name: 'destination',
    files: /^electron\/destinations\/([^/]+)\//,
    ours: (target, x) =>
      shared.test(target) ||
      target === 'electron/destinations/destination.ts' ||
      target.startsWith(`electron/destinations/${x}/`),
  },
  {
    name: 'destinations',
    files: /^electron\/destinations\/[^/]+$/,
    ours: (target) => shared.test(target) || /^electron\/destinations\//.test(target),
  },
  {
    name: 'adapter',
    files: /^electron\/adapters\/([^/]+)\//,
    ours: (target, x, typeOnly) =>
      shared.test(target) ||
      (typeOnly && ports.test(target)) ||
      target.startsWith(`electron/adapters/${x}/`),
    package: (name) => name !== 'electron',
  },
  {
    name: 'compose',
    files: /^electron\/compose(\.ts$|\/)/,
    ours: (target) => shared.test(target) || core.test(target),
  },
  {
    name: 'desktop',
    files: /^electron\/desktop\//,
    ours: (target) =>
      /^electron\/desktop\//.test(target) || shared.test(target) || domain.test(target),
    package: (name) => name === 'electron' || isFree(name),
  },
]

/** Where each library that ships with the app may be imported; all others meet it behind an interface. */
export const owners: Readonly<Record<string, RegExp>> = {
  '@aws-sdk/client-s3': /^electron\/destinations\/s3\//,
  '@azure/storage-blob': /^electron\/destinations\/azure\//,
  '@github/keytar': /^electron\/adapters\/keychain\//,
  'better-sqlite3': /^electron\/adapters\/sqlite\//,
  birpc: /^electron\/adapters\/heavy-thread\//,
  commander: /^electron\/cli\//,
  croner: /^electron\/domain\//,
  dockerode: /^electron\/adapters\/docker\//,
  'electron-log': /^electron\/(adapters\/log|desktop)\//,
  'electron-updater': /^electron\/desktop\//,
  fzstd: /^electron\/adapters\/compression\//,
  'google-auth-library': /^electron\/destinations\/gcs\//,
  'lz4-napi': /^electron\/adapters\/compression\//,
  'node-ssh': /^electron\/adapters\/ssh\//,
  pg: /^electron\/engines\/postgres\//,
  'ssh-config': /^electron\/adapters\/ssh\//,
  ssh2: /^electron\/adapters\/ssh\//,
  'tar-stream': /^electron\/adapters\/docker\//,
}

function isFree(name: string): boolean {
  return name !== 'electron' && owners[name] === undefined
}

/** The room of a file; undefined where it stands in none. */
export function roomOf(path: string): Room | undefined {
  return rooms.find(({ files }) => files.test(path))
}

/** Why a file may not import this, as the end of a sentence; undefined where it may. */
export function objection(path: string, target: Target): string | undefined {
  const room = roomOf(path)
  if (!room) return 'stands in no room of the house'
  const x = room.files.exec(path)?.[1] ?? ''
  if (target.kind === 'ours') {
    // One binary has both faces: the desktop's start hands a command line on to the other start.
    const handsOn = path === 'electron/main.ts' && target.path === 'electron/cli/main.ts'
    const free = room.name === 'tests' || room.name === 'scripts' || handsOn
    if (!free && /^electron\/(main|heavy-thread|cli\/main)\.ts$/.test(target.path))
      return `imports ${target.path}, which nobody imports`
    if (!free && /^(test|scripts)\/|\.test\.tsx?$/.test(target.path))
      return `imports ${target.path}: what is shipped needs no test and no script`
    if (!room.ours(target.path, x, target.typeOnly))
      return `(${room.name}) may not import ${target.path}`
    return undefined
  }
  const owner = owners[target.name]
  const mayOwn = room.name === 'tests' || room.name === 'scripts' || room.name === 'main'
  if (owner && !mayOwn) {
    return owner.test(path) ? undefined : `may not import ${target.name}, another room's library`
  }
  if (!(room.package ?? isFree)(target.name, target.typeOnly))
    return `(${room.name}) may not import ${target.name}`
  return undefined
}

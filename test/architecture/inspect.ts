import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix, join } from 'node:path'
import { importsOf, type Import } from './imports.ts'
import { mentionsIn } from './names.ts'
import { objection, roomOf, type Target } from './rooms.ts'

const notOurs = new Set(['node_modules', 'out', 'dist', 'coverage', 'demo-out', 'test-results'])
const source = /\.[cm]?[jt]sx?$/
const plugIns = ['engines', 'destinations']

/** What a look through the house found. */
export type Inspection = {
  readonly files: readonly string[]
  readonly violations: readonly string[]
}

/** Walks every source under a root and names each that breaks the rules of the house, with its line. */
export function inspect(root: string): Inspection {
  const files = sourcesIn(root, '')
  const violations = files.flatMap((path) => {
    if (!roomOf(path)) return [`${path} stands in no room of the house`]
    const text = readFileSync(join(root, path), 'utf8')
    return [...badImports(path, text), ...badMentions(root, path, text)]
  })
  return { files, violations }
}

function sourcesIn(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name)
    if (entry.name.startsWith('.') || notOurs.has(entry.name)) return []
    if (entry.isDirectory()) return sourcesIn(root, path)
    return source.test(entry.name) ? [path] : []
  })
}

function badImports(path: string, text: string): string[] {
  return importsOf(path, text).flatMap((each) => {
    const place = `${path}:${each.line}`
    const target = targetOf(path, each)
    if (target) {
      const reason = objection(path, target)
      return reason === undefined ? [] : [`${place} ${reason}`]
    }
    // What is computed cannot be checked; tests and scripts may import anything anyway.
    const free = /^(tests|scripts)$/.test(roomOf(path)?.name ?? '')
    return free ? [] : [`${place} imports a module whose name is computed`]
  })
}

function targetOf(path: string, { specifier, typeOnly }: Import): Target | undefined {
  if (specifier === undefined) return undefined
  if (specifier.startsWith('.') || specifier.startsWith('/'))
    return { kind: 'ours', path: posix.join(posix.dirname(path), specifier), typeOnly }
  const [first = '', second = ''] = specifier.split('/')
  const name = first.startsWith('@') ? `${first}/${second}` : first
  return { kind: 'package', name: first.startsWith('node:') ? specifier : name, typeOnly }
}

/** Plug-ins are known by name in their folder, their list and tests alone. */
function badMentions(root: string, path: string, text: string): string[] {
  if (!/^(electron|renderer|shared)\//.test(path) || roomOf(path)?.name === 'tests') return []
  return plugIns.flatMap((kind) => {
    const home = `electron/${kind}`
    const names = foldersIn(join(root, home)).filter((name) => !path.startsWith(`${home}/${name}/`))
    if (path === `${home}/index.ts`) return []
    return mentionsIn(path, text, names).map(
      ({ name, line }) =>
        `${path}:${line} speaks of "${name}", which only ${home}/${name} and the list do`,
    )
  })
}

function foldersIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
}

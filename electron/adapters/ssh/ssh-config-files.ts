import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { wildcard } from './known-hosts.ts'

/** A file of ssh config, without its Include lines. */
export interface ConfigFile {
  path: string
  text: string
  /** The Host lines that the Include lines leading to it stand under; all must match. */
  within: string[][]
}

const deepest = 16

/** A config file and all that it includes, in the order in which OpenSSH reads them. */
export async function readConfigTree(path: string, homeDir: string): Promise<ConfigFile[]> {
  return await readTree(path, homeDir, [], 0)
}

async function readTree(
  path: string,
  homeDir: string,
  within: string[][],
  depth: number,
): Promise<ConfigFile[]> {
  const text = await readOrNull(path)
  if (text === null || depth > deepest) return []
  const files: ConfigFile[] = []
  let section: string[] | null = null
  let sectionLine = ''
  let lines: string[] = []
  const flush = () => {
    if (lines.length > 0) files.push({ path, text: lines.join('\n'), within })
    lines = section ? [sectionLine] : []
  }
  for (const line of text.split(/\r?\n/)) {
    const [, keyword = '', rest = ''] = /^\s*([A-Za-z]+)(?:\s+|\s*=\s*)(.*)$/.exec(line) ?? []
    if (keyword.toLowerCase() === 'include') {
      flush()
      const inner: string[][] = section ? [...within, section] : within
      for (const included of await includedBy(rest, path, homeDir))
        files.push(...(await readTree(included, homeDir, inner, depth + 1)))
      continue
    }
    if (/^(?:host|match)$/i.test(keyword)) {
      section = keyword.toLowerCase() === 'host' ? patternsOf(rest) : null
      sectionLine = line
    }
    lines.push(line)
  }
  flush()
  return files
}

async function includedBy(rest: string, from: string, homeDir: string): Promise<string[]> {
  const paths = await Promise.all(
    patternsOf(rest).map((pattern) => glob(absolute(pattern, from, homeDir))),
  )
  return paths.flat()
}

function absolute(pattern: string, from: string, homeDir: string): string {
  if (pattern.startsWith('~/')) return join(homeDir, pattern.slice(2))
  if (isAbsolute(pattern)) return pattern
  return join(from.startsWith(homeDir) ? join(homeDir, '.ssh') : dirname(from), pattern)
}

/** Wildcards in the last part of a path only, as configs have them. */
async function glob(pattern: string): Promise<string[]> {
  if (!/[*?]/.test(pattern)) return [pattern]
  const folder = dirname(pattern)
  const names = await readdir(folder).catch(() => []) // nothing there to include
  return names
    .filter((name) => !name.startsWith('.') && wildcard(pattern, join(folder, name)))
    .sort()
    .map((name) => join(folder, name))
}

async function readOrNull(path: string): Promise<string | null> {
  return await readFile(path, 'utf8').catch(() => null)
}

/**
 * Gives a copy of the config in which no path leans on the home folder, for an `ssh` that has
 * another idea of it. The system's config follows, which `ssh -F` would leave out.
 */
export async function withConfigCopy<T>(
  path: string,
  homeDir: string,
  use: (copy: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'quayside-ssh-'))
  let count = 0
  const copy = async (from: string, depth: number): Promise<string> => {
    const to = join(folder, String(count++))
    const text = (await readOrNull(from)) ?? ''
    const lines = await Promise.all(
      text.split(/\r?\n/).map(async (line) => {
        const [, rest] = /^\s*include(?:\s+|\s*=\s*)(.*)$/i.exec(line) ?? []
        if (rest === undefined) return line.replace(/(^|[\s="])~\//g, `$1${homeDir}/`)
        if (depth >= deepest) return ''
        const included = await includedBy(rest, from, homeDir)
        const copies = await Promise.all(included.map((one) => copy(one, depth + 1)))
        return copies.length > 0 ? `Include ${copies.join(' ')}` : ''
      }),
    )
    await writeFile(to, lines.join('\n'), { mode: 0o600 })
    return to
  }
  try {
    const user = await copy(path, 0)
    const both = join(folder, 'config')
    await writeFile(both, `Include ${user}\nMatch all\nInclude /etc/ssh/ssh_config\n`, {
      mode: 0o600,
    })
    return await use(both)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The words of a line, quoted ones whole, a comment left out. */
export function patternsOf(text: string): string[] {
  return (text.replace(/#.*$/, '').match(/"[^"]*"|\S+/g) ?? []).map((word) =>
    word.replace(/^"|"$/g, ''),
  )
}

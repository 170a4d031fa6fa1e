import { execFile } from 'node:child_process'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import SSHConfig from 'ssh-config'
import { QuaysideError } from '../../../shared/errors.ts'
import { patternsOf, readConfigTree, withConfigCopy } from './ssh-config-files.ts'
import type { ConfigFile } from './ssh-config-files.ts'

/** What ssh config says of a name: keywords in lower case, each with its values in order. */
export type ConfigWords = ReadonlyMap<string, readonly string[]>

export interface SshConfig {
  /** Everything ssh config says of a name. @throws QuaysideError `ssh_config_invalid` */
  words(name: string, signal?: AbortSignal): Promise<ConfigWords>
  /** Names in the config, patterns left out. */
  aliases(): Promise<string[]>
}

const answerWithinMs = 10_000

/**
 * Reads the user's ssh config: by `ssh -G` where OpenSSH is installed, which knows Include, Match
 * and all the rest, else by a parser.
 */
export function createSshConfig({ homeDir }: { homeDir: string }): SshConfig {
  const path = join(homeDir, '.ssh', 'config')
  return {
    async words(name, signal) {
      checkName(name)
      const answer = await bySsh(name, path, homeDir, signal)
      return answer === null ? await byParser(name, path, homeDir) : parseAnswer(answer)
    },
    async aliases() {
      const files = await readConfigTree(path, homeDir)
      const names = files.flatMap((file) => hostPatterns(file))
      return [...new Set(names.filter((name) => !/[*?!]/.test(name)))]
    },
  }
}

/** As OpenSSH itself checks a name, which may come to stand in a command line. */
function checkName(name: string): void {
  if (name === '' || name.startsWith('-') || /[\s'"`$\\;&<>|(){}*?!\u0000-\u001f]/.test(name))
    throw new QuaysideError('ssh_config_invalid', `“${name}” is no name of a host in ssh config.`, {
      hint: 'Choose a name that stands after “Host” in ~/.ssh/config.',
      field: 'connection.alias',
    })
}

async function bySsh(
  name: string,
  path: string,
  homeDir: string,
  signal: AbortSignal | undefined,
): Promise<string | null> {
  // ssh looks the home up in the password file, whatever HOME says.
  const home = userInfo().homedir
  if (home === homeDir) return await ask(['-G', '--', name], signal)
  return await withConfigCopy(path, homeDir, async (copy) => {
    const answer = await ask(['-G', '-F', copy, '--', name], signal)
    const known = join('.ssh', 'known_hosts')
    return answer?.replaceAll(join(home, known), join(homeDir, known)) ?? null
  })
}

/** What `ssh` prints; null where it is not installed. */
async function ask(words: string[], signal: AbortSignal | undefined): Promise<string | null> {
  const options = { timeout: answerWithinMs, ...(signal && { signal }), windowsHide: true }
  try {
    return (await promisify(execFile)('ssh', words, options)).stdout
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof Error)) throw error
    if ('code' in error && error.code === 'ENOENT') return null
    throw new QuaysideError('ssh_config_invalid', 'Your SSH config has a mistake.', {
      hint: 'Mend ~/.ssh/config; “ssh -G name” shows the line.',
      detail: error.message.slice(0, 500),
      field: 'connection.alias',
    })
  }
}

function parseAnswer(text: string): ConfigWords {
  const words = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ')
    if (space > 0) add(words, line.slice(0, space), line.slice(space + 1).trim())
  }
  return words
}

async function byParser(name: string, path: string, homeDir: string): Promise<ConfigWords> {
  const words = new Map<string, string[]>()
  const files = [
    ...(await readConfigTree(path, homeDir)),
    ...(await readConfigTree('/etc/ssh/ssh_config', homeDir)),
  ]
  // The first value of a keyword counts, so files may be read one after another.
  for (const file of files) {
    if (!file.within.every((patterns) => matches(patterns, name))) continue
    const found: Record<string, unknown> = parse(file).compute(name, { ignoreCase: true })
    for (const [keyword, value] of Object.entries(found)) {
      if (words.has(keyword) && keyword !== 'identityfile') continue
      for (const one of Array.isArray(value) ? value : [value])
        if (typeof one === 'string') add(words, keyword, one)
    }
  }
  return words
}

function add(words: Map<string, string[]>, keyword: string, value: string): void {
  const values = words.get(keyword)
  if (values) values.push(value)
  else words.set(keyword, [value])
}

function parse(file: ConfigFile): SSHConfig {
  try {
    return SSHConfig.parse(file.text)
  } catch (cause) {
    throw new QuaysideError('ssh_config_invalid', `${file.path} has a mistake.`, {
      hint: 'Mend the file, or give the server’s address instead of its name.',
      field: 'connection.alias',
      cause,
    })
  }
}

function hostPatterns(file: ConfigFile): string[] {
  return file.text.split('\n').flatMap((line) => {
    const found = /^\s*Host(?:\s+|\s*=\s*)(.+)$/i.exec(line)
    return found?.[1] === undefined ? [] : patternsOf(found[1])
  })
}

/** Whether a Host line with these patterns is meant for a name. */
export function matches(patterns: readonly string[], name: string): boolean {
  const one = (pattern: string) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*+/g, '.*')
        .replace(/\?/g, '.')}$`,
    ).test(name)
  if (patterns.some((pattern) => pattern.startsWith('!') && one(pattern.slice(1)))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && one(pattern))
}

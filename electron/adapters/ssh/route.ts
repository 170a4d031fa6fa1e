import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import type { HostConnection } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { agentUnavailable } from './errors.ts'
import { knownHostsName } from './known-hosts.ts'
import type { ConfigWords, SshConfig } from './ssh-config.ts'
import { systemWords } from './system-reason.ts'
import type { Route, Target } from './target.ts'

const systemFiles = ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']
/** More hops are a circle. */
const mostHops = 8

export interface RouteDeps {
  homeDir: string
  env: Readonly<Record<string, string | undefined>>
  config: SshConfig
}

type SshConnection = Exclude<HostConnection, { kind: 'local' }>

/**
 * Works out which servers to pass, and how to log in at each.
 *
 * @param secret password or passphrase, if one is stored or was typed
 * @throws QuaysideError `ssh_config_invalid`, `agent_unavailable`
 */
export async function findRoute(
  connection: SshConnection,
  secret: string | null,
  deps: RouteDeps,
  signal?: AbortSignal,
): Promise<Route> {
  if (connection.kind === 'ssh') return [typedTarget(connection, secret, deps)]
  const { alias } = connection
  const words = await deps.config.words(alias, signal)
  if (one(words, 'hostname', alias) === alias && !(await isListed(alias, words, deps)))
    throw new QuaysideError('ssh_config_invalid', `${alias} is no name in your SSH config.`, {
      hint: 'Choose a name that stands after “Host” in ~/.ssh/config, or give the server’s address.',
      field: 'connection.alias',
    })
  return await configuredRoute({ alias, words, secret, deps, signal, jumps: undefined, depth: 0 })
}

/** A name without a HostName counts as the user's own when a Host line spells it. */
async function isListed(
  alias: string,
  words: ConfigWords,
  { config }: RouteDeps,
): Promise<boolean> {
  if (words.has('proxyjump') || words.has('proxycommand')) return true
  return (await config.aliases()).includes(alias)
}

function typedTarget(
  connection: Extract<HostConnection, { kind: 'ssh' }>,
  secret: string | null,
  { homeDir, env }: RouteDeps,
): Target {
  const { login } = connection
  const agentSocket = login.kind === 'agent' ? agentFrom(env) : null
  if (login.kind === 'agent' && agentSocket === null)
    throw agentUnavailable('No SSH agent runs for you (SSH_AUTH_SOCK is not set).')
  return {
    alias: null,
    host: connection.address,
    port: connection.port,
    user: connection.user,
    hostKeyAlias: null,
    knownHostsFiles: knownHostsFiles(homeDir),
    login: {
      agentSocket,
      identitiesOnly: false,
      keyFiles: login.kind === 'key' ? [expandHome(login.path, homeDir)] : [],
      keyFilesRequired: true,
      password: login.kind === 'password',
      secret,
    },
    proxyCommand: null,
    sshOptions: [],
  }
}

interface Hop {
  alias: string
  words: ConfigWords
  secret: string | null
  deps: RouteDeps
  signal: AbortSignal | undefined
  /** The hops before it where another hop's ProxyJump says so; undefined leaves it to its own. */
  jumps: readonly string[] | undefined
  depth: number
  user?: string | undefined
  port?: number | undefined
}

async function configuredRoute(hop: Hop): Promise<Route> {
  const { alias, words, depth } = hop
  if (depth > mostHops) throw invalid(alias, 'its ProxyJump leads in a circle')
  const proxyJump = one(words, 'proxyjump', 'none')
  const jumps = hop.jumps ?? (isNone(proxyJump) ? [] : proxyJump.split(',').map((j) => j.trim()))
  const target = configuredTarget(hop, jumps.length > 0)
  const before = jumps.at(-1)
  if (before === undefined) return [target]

  const jump = parseJump(before, alias)
  const earlier = jumps.slice(0, -1)
  const route = await configuredRoute({
    ...hop,
    alias: jump.alias,
    user: jump.user,
    port: jump.port,
    words: await hop.deps.config.words(jump.alias, hop.signal),
    jumps: earlier.length > 0 ? earlier : undefined,
    depth: depth + 1,
  })
  // A password is for the host alone; jump hosts never see it.
  const jumpTargets = route.map((t) => ({ ...t, login: { ...t.login, password: false } }))
  const [first, ...rest] = jumpTargets
  return first ? [first, ...rest, target] : [target]
}

function configuredTarget(hop: Hop, jumped: boolean): Target {
  const { alias, words, deps, secret } = hop
  const host = one(words, 'hostname', alias).replaceAll('%h', alias).replaceAll('%%', '%')
  const port = hop.port ?? (Number(one(words, 'port', '22')) || 22)
  const user = hop.user ?? one(words, 'user', userInfo().username)
  const { homeDir } = deps
  const tokens = { h: host, p: String(port), r: user, n: alias, d: homeDir, u: userInfo().username }
  const path = (value: string) => expandHome(expandTokens(unquote(value), tokens), homeDir)
  const proxyCommand = one(words, 'proxycommand', 'none')
  const hostKeyAlias = one(words, 'hostkeyalias', 'none')
  const keyFiles = (words.get('identityfile') ?? defaultKeys()).filter((file) => !isNone(file))
  return {
    alias,
    host,
    port,
    user,
    hostKeyAlias: isNone(hostKeyAlias) ? null : expandTokens(hostKeyAlias, tokens),
    knownHostsFiles: [
      ...listOf(words, 'userknownhostsfile', knownHostsFiles(homeDir).slice(0, 2)),
      ...listOf(words, 'globalknownhostsfile', systemFiles),
    ]
      .filter((file) => !isNone(file))
      .map(path),
    login: {
      agentSocket: agentOf(words, deps.env, path),
      identitiesOnly: one(words, 'identitiesonly', 'no') === 'yes',
      keyFiles: keyFiles.map(path),
      keyFilesRequired: false,
      password: secret !== null,
      secret,
    },
    proxyCommand: jumped || isNone(proxyCommand) ? null : expandTokens(proxyCommand, tokens),
    sshOptions: systemWords.flatMap((word) =>
      (words.get(word) ?? [])
        .filter((value) => !isNone(value))
        .map((value) => `${word}=${word === 'certificatefile' ? path(value) : value}`),
    ),
  }
}

function agentOf(
  words: ConfigWords,
  env: RouteDeps['env'],
  path: (value: string) => string,
): string | null {
  const named = one(words, 'identityagent', 'SSH_AUTH_SOCK')
  if (isNone(named)) return null
  if (named === 'SSH_AUTH_SOCK') return agentFrom(env)
  if (named.startsWith('$')) return env[named.slice(1).replace(/^\{|\}$/g, '')] ?? null
  return path(named)
}

/** Windows has no variable for its agent, but one name. */
function agentFrom(env: RouteDeps['env']): string | null {
  const socket = env['SSH_AUTH_SOCK']
  if (socket !== undefined && socket !== '') return socket
  return process.platform === 'win32' ? '\\\\.\\pipe\\openssh-ssh-agent' : null
}

function parseJump(text: string, alias: string): { alias: string; user?: string; port?: number } {
  const found = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:/]+)(?::(\d+))?\/?$/.exec(text)
  const host = found?.[2]
  if (host === undefined) throw invalid(alias, `its ProxyJump “${text}” makes no sense`)
  return {
    alias: host.replace(/^\[|\]$/g, ''),
    ...(found?.[1] !== undefined && { user: found[1] }),
    ...(found?.[3] !== undefined && { port: Number(found[3]) }),
  }
}

function invalid(alias: string, why: string): QuaysideError {
  return new QuaysideError(
    'ssh_config_invalid',
    `${alias} cannot be used from ssh config: ${why}.`,
    {
      hint: 'Mend ~/.ssh/config.',
      field: 'connection.alias',
    },
  )
}

/** Tokens of ssh_config(5); unknown ones stay, for the shell to stumble over. */
export function expandTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  const short = hostname()
  const known: Record<string, string> = {
    ...tokens,
    l: short,
    L: short.split('.')[0] ?? short,
    k: tokens['h'] ?? '',
    '%': '%',
  }
  return text.replace(/%(.)/g, (whole, token: string) => known[token] ?? whole)
}

function expandHome(path: string, homeDir: string): string {
  return path === '~' || path.startsWith('~/') ? join(homeDir, path.slice(1)) : path
}

function knownHostsFiles(homeDir: string): string[] {
  const own = ['known_hosts', 'known_hosts2'].map((file) => join(homeDir, '.ssh', file))
  return [...own, ...systemFiles]
}

function defaultKeys(): string[] {
  return ['id_rsa', 'id_ecdsa', 'id_ed25519'].map((file) => `~/.ssh/${file}`)
}

function one(words: ConfigWords, keyword: string, otherwise: string): string {
  return words.get(keyword)?.[0] ?? otherwise
}

function listOf(words: ConfigWords, keyword: string, otherwise: string[]): string[] {
  const value = words.get(keyword)?.[0]
  // ssh -G prints paths with blanks as they are: another begins where a path does.
  return value === undefined ? otherwise : value.split(/\s+(?=[~/]|\\\\|[a-z]:[\\/]|none$)/i)
}

function unquote(text: string): string {
  return text.replace(/^"(.*)"$/, '$1')
}

function isNone(text: string): boolean {
  return text.toLowerCase() === 'none'
}

/** The name under which a server's key is kept. */
export function nameOf(target: Target): string {
  return target.hostKeyAlias === null
    ? knownHostsName(target.host, target.port)
    : knownHostsName(target.hostKeyAlias, 22)
}

import { join } from 'node:path'
import type { HostSuggestions } from '../../domain/ports.ts'
import { findKeyFiles } from './key-files.ts'
import type { RouteDeps } from './route.ts'

/** Beyond this many names, looking each one up takes too long for a list to choose from. */
const mostAliases = 200

/** What this computer offers to add a host by. Whatever cannot be read is left out. */
export async function suggest(
  deps: RouteDeps & { findLocal(signal?: AbortSignal): Promise<HostSuggestions['local']> },
  signal?: AbortSignal,
): Promise<HostSuggestions> {
  const [sshConfig, local, agent, keyFiles] = await Promise.all([
    fromConfig(deps, signal),
    deps.findLocal(signal),
    countAgentKeys(deps.env['SSH_AUTH_SOCK']),
    findKeyFiles(join(deps.homeDir, '.ssh')),
  ])
  signal?.throwIfAborted()
  return { sshConfig, local, agent, keyFiles }
}

async function fromConfig(
  { config }: RouteDeps,
  signal: AbortSignal | undefined,
): Promise<HostSuggestions['sshConfig']> {
  const found: HostSuggestions['sshConfig'] = []
  for (const alias of (await config.aliases()).slice(0, mostAliases)) {
    signal?.throwIfAborted()
    // One name with a mistake must not hide the others; choosing it tells the mistake.
    const words = await config.words(alias, signal).catch(() => new Map<string, string[]>())
    found.push({
      alias,
      address: words.get('hostname')?.[0] ?? alias,
      port: Number(words.get('port')?.[0] ?? 22),
      user: words.get('user')?.[0] ?? '',
    })
  }
  return found
}

async function countAgentKeys(socket: string | undefined): Promise<{ keys: number } | null> {
  if (socket === undefined || socket === '') return null
  const { agentKeys } = await import('./agent.ts')
  return await agentKeys(socket).then(
    ({ keys }) => ({ keys: keys.length }),
    () => null,
  )
}

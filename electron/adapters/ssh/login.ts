import { readFile } from 'node:fs/promises'
import ssh2 from 'ssh2'
import type { AnyAuthMethod, AuthenticationType, ParsedKey } from 'ssh2'
import { QuaysideError } from '../../../shared/errors.ts'
import { agentKeys, onlyThese } from './agent.ts'
import { agentUnavailable, loginRefused, secondStepWanted } from './errors.ts'
import { readKey } from './private-key.ts'
import type { Target } from './target.ts'

/** The ways to log in at one server, tried in order, and what came of them. */
export interface LoginPlan {
  /** For ssh2: the next way among those that the server still allows; false when none is left. */
  next(allowed: AuthenticationType[] | null, partial: boolean | null): AnyAuthMethod | false
  /** Why the login failed, once `next` gave false. */
  failure(): QuaysideError
  /** What is tried, for the user: `key ~/.ssh/id_ed25519`. */
  describe(): string
}

interface Way {
  name: string
  /** The server's word for it. */
  method: AuthenticationType
  auth: AnyAuthMethod
}

/**
 * Reads keys and asks the agent before anything is sent, so that what is wrong on this computer is
 * told as such.
 *
 * @throws QuaysideError `key_file_missing`, `key_file_invalid`, `passphrase_needed`,
 *   `passphrase_wrong`, `agent_unavailable`, `login_refused` without a password
 */
export async function planLogin(target: Target): Promise<LoginPlan> {
  const skipped: QuaysideError[] = []
  const ways: Way[] = []
  const offered: ParsedKey[] = []
  // What locks a key is no password: it must not be sent to a server.
  const locked = new Set<string>()

  if (target.login.agentSocket !== null) {
    const keys = await fromAgent(target, target.login.agentSocket).catch((error: unknown) => {
      if (target.login.keyFiles.length === 0 || !(error instanceof QuaysideError)) throw error
      skipped.push(error)
      return null
    })
    if (keys) {
      ways.push(keys.way)
      offered.push(...keys.keys)
    }
  }
  for (const path of target.login.keyFiles) {
    const key = await readKey(path, target.login.secret, () => locked.add(path)).catch(
      (error: unknown) => {
        if (target.login.keyFilesRequired || !(error instanceof QuaysideError)) throw error
        if (error.code !== 'key_file_missing') skipped.push(error)
        return null
      },
    )
    if (key === null || offered.some((known) => samePublicKey(known, key))) continue
    ways.push({
      name: `key ${path}`,
      method: 'publickey',
      auth: { type: 'publickey', username: target.user, key },
    })
  }
  if (target.login.password && locked.size === 0) ways.push(...byPassword(target))

  return walk(target, ways, skipped)
}

function walk(target: Target, ways: readonly Way[], skipped: QuaysideError[]): LoginPlan {
  const left = [...ways]
  const tried: Way[] = []
  let lastAllowed: string[] = []
  let wanted: string[] | null = null
  return {
    next(allowed, partial) {
      // Nothing is known yet of what the server allows; asking costs one round trip.
      if (allowed === null) return { type: 'none', username: target.user }
      lastAllowed = allowed
      if (partial === true) wanted = allowed
      for (let way = left.shift(); way; way = left.shift()) {
        if (!allowed.includes(way.method)) continue
        tried.push(way)
        return way.auth
      }
      return false
    },
    failure() {
      if (wanted) return secondStepWanted(target, wanted)
      const names = tried.map((way) =>
        way.method === 'keyboard-interactive' ? 'password' : way.name,
      )
      return skipped[0] ?? loginRefused(target, names, lastAllowed)
    },
    describe: () => tried.at(-1)?.name ?? 'no login',
  }
}

async function fromAgent(target: Target, socket: string): Promise<{ way: Way; keys: ParsedKey[] }> {
  const { agent, keys } = await agentKeys(socket)
  const wanted = target.login.identitiesOnly ? await publicHalves(target.login.keyFiles) : null
  const chosen = wanted
    ? keys.filter((key) => wanted.some((blob) => blob.equals(key.getPublicSSH())))
    : keys
  if (chosen.length === 0)
    throw agentUnavailable(
      wanted && keys.length > 0
        ? 'The SSH agent does not hold the key named in your SSH config.'
        : 'The SSH agent holds no key.',
    )
  return {
    way: {
      name: 'SSH agent',
      method: 'publickey',
      auth: { type: 'agent', username: target.user, agent: onlyThese(agent, chosen) },
    },
    keys: chosen,
  }
}

/** Public keys beside the key files, with which IdentitiesOnly picks among the agent's. */
async function publicHalves(keyFiles: readonly string[]): Promise<Buffer[]> {
  const halves = await Promise.all(
    keyFiles.map(async (path) => {
      const text = await readFile(path.endsWith('.pub') ? path : `${path}.pub`, 'utf8').catch(
        () => '',
      )
      const key = ssh2.utils.parseKey(text)
      return key instanceof Error ? [] : [key].flat().map((one) => one.getPublicSSH())
    }),
  )
  return halves.flat()
}

function byPassword(target: Target): Way[] {
  const { secret } = target.login
  if (secret === null)
    throw new QuaysideError('login_refused', `A password is needed for ${target.user}.`, {
      hint: 'Give the password; it is kept in the keychain.',
      field: 'secret',
    })
  return [
    {
      name: 'password',
      method: 'password',
      auth: { type: 'password', username: target.user, password: secret },
    },
    {
      name: 'password',
      method: 'keyboard-interactive',
      auth: {
        type: 'keyboard-interactive',
        username: target.user,
        // A hidden question is the password; anything else would be a second factor.
        prompt: (_name, _instructions, _language, prompts, finish) =>
          finish(prompts.map((prompt) => (prompt.echo === true ? '' : secret))),
      },
    },
  ]
}

function samePublicKey(a: ParsedKey, b: ParsedKey): boolean {
  return a.getPublicSSH().equals(b.getPublicSSH())
}

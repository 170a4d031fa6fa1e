import ssh2 from 'ssh2'
import type {
  BaseAgent,
  IdentityCallback,
  ParsedKey,
  SignCallback,
  SigningRequestOptions,
} from 'ssh2'
import { agentUnavailable } from './errors.ts'

const answerWithinMs = 5_000

/** Keys that the SSH agent holds and ssh2 can use. */
export interface AgentKeys {
  agent: BaseAgent
  keys: ParsedKey[]
}

/**
 * Asks an SSH agent for its keys.
 *
 * @param socket path of its socket, a Windows pipe, or `pageant`
 * @throws QuaysideError `agent_unavailable`
 */
export async function agentKeys(socket: string): Promise<AgentKeys> {
  const agent = ssh2.createAgent(socket)
  try {
    return { agent, keys: await identities(agent) }
  } catch (cause) {
    throw agentUnavailable(`The SSH agent at ${socket} does not answer.`, cause)
  }
}

/** An agent that offers only these of its keys. */
export function onlyThese(agent: BaseAgent, keys: ParsedKey[]): BaseAgent {
  return new ChosenKeys(agent, keys)
}

class ChosenKeys extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent
  readonly #keys: ParsedKey[]

  constructor(agent: BaseAgent, keys: ParsedKey[]) {
    super()
    this.#agent = agent
    this.#keys = keys
  }

  override getIdentities(done: IdentityCallback<ParsedKey>): void {
    done(undefined, this.#keys)
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    done?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options)
    else this.#agent.sign(key, data, options, done)
  }
}

function identities(agent: BaseAgent): Promise<ParsedKey[]> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('No answer in time.')), answerWithinMs)
    agent.getIdentities((error, keys) => {
      clearTimeout(late)
      if (error) return reject(error)
      resolve((keys ?? []).flatMap(parsed))
    })
  })
}

function parsed(key: string | Buffer | ParsedKey | object): ParsedKey[] {
  if (typeof key === 'object' && 'getPublicSSH' in key) return [key]
  if (typeof key !== 'string' && !Buffer.isBuffer(key)) return []
  const read = ssh2.utils.parseKey(key)
  return read instanceof Error ? [] : Array.isArray(read) ? read : [read]
}

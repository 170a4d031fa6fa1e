import type { Duplex } from 'node:stream'
import { NodeSSH } from 'node-ssh'
import type { Config } from 'node-ssh'
import type { Client, ServerHostKeyAlgorithm } from 'ssh2'
import { quickenCiphers } from './quick-ciphers.ts'
import { connectError, passwordExpired } from './errors.ts'
import { planLogin } from './login.ts'
import type { LoginPlan } from './login.ts'
import { beatMs } from './silence.ts'
import type { Target } from './target.ts'

const readyWithinMs = 20_000

/** What happens on the way to a login, for those who show it. */
export interface HandshakeEvents {
  /** The server's first line, such as `SSH-2.0-OpenSSH_9.2p1 Debian-2`. */
  onBanner?: ((banner: string) => void) | undefined
  /** The host key was found good. */
  onTrusted?: (() => void) | undefined
  onLogin?: ((way: string) => void) | undefined
}

export interface HandshakeRequest extends HandshakeEvents {
  socket: Duplex
  target: Target
  /** Host key types already known, asked for first. */
  knownTypes: readonly string[]
  /** Throws unless the key is good; nothing is sent before it returns. */
  verify(blob: Buffer): Promise<void>
  signal: AbortSignal
}

/** Speaks SSH over a connection and logs in. Throws a QuaysideError, and then leaves nothing open. */
export async function handshake(request: HandshakeRequest): Promise<Client> {
  const { socket, target, signal } = request
  // Cut while all this was loaded: ssh2 would wait for its answer.
  if (socket.destroyed) throw connectError(socket.errored ?? new Error('It was closed.'), target)
  let refusal: unknown = null
  let plan: LoginPlan | null = null
  const ssh = new NodeSSH()

  const config: Config = {
    username: target.user,
    sock: socket,
    readyTimeout: readyWithinMs,
    keepaliveInterval: beatMs,
    keepaliveCountMax: Number.MAX_SAFE_INTEGER,
    algorithms: {
      // AES-GCM leads ssh2's list; where there is no AES in hardware it would put chacha20 first.
      cipher: first(/^aes\d+-gcm@openssh\.com$/, /^aes\d+-ctr$/, /^chacha20-/),
      serverHostKey: hostKeyOrder(request.knownTypes),
    },
    hostVerifier: (blob: Buffer, decide: (good: boolean) => void) => {
      const check = async () => {
        await request.verify(blob)
        request.onTrusted?.()
        // Keys are read only now: whoever is asked for a passphrase knows the server.
        plan ??= await planLogin(target)
      }
      check().then(
        () => decide(true),
        (error: unknown) => {
          refusal = error
          decide(false)
        },
      )
    },
    authHandler: (allowed, partial) => {
      if (plan === null) return false
      const way = plan.next(allowed, partial)
      if (way === false) refusal = plan.failure()
      return way
    },
  }

  const connecting = ssh.connect(config)
  const client = ssh.connection
  // For life: an error that nobody listens to would end the app.
  client?.on('error', () => {})
  client?.on('change password', () => {
    refusal = passwordExpired(target)
    client.end()
  })
  const heard = request.onBanner ? listenForBanner(socket, request.onBanner) : null
  const onAbort = () => socket.destroy()
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    signal.throwIfAborted()
    await connecting
    if (ssh.connection === null || client === null) throw new Error('Closed right after the login.')
    quickenCiphers(client)
    const done: LoginPlan | null = plan
    request.onLogin?.(describe(done))
    return client
  } catch (error) {
    client?.destroy()
    socket.destroy()
    connecting.catch(() => {}) // told already
    signal.throwIfAborted()
    throw connectError(refusal ?? error, target)
  } finally {
    heard?.()
    signal.removeEventListener('abort', onAbort)
  }
}

function describe(plan: LoginPlan | null): string {
  return plan?.describe() ?? 'no login'
}

/** ssh2 skips what a pattern finds no support for, and throws for a name it does not know. */
function first(...patterns: RegExp[]): never {
  // The types leave patterns out, which ssh2 documents.
  return { remove: patterns, append: patterns } as never
}

/**
 * The types known for a server before all others: else a server known by its RSA key that now has
 * an ED25519 key as well would look like another one.
 */
function hostKeyOrder(known: readonly string[]): ServerHostKeyAlgorithm[] | never {
  const all = [
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'ssh-rsa',
  ]
  const types = [
    ...known.filter((type) => all.includes(type)),
    ...all.filter((t) => !known.includes(t)),
  ]
  const patterns = types.map((type) =>
    type === 'ssh-rsa' ? /^(?:rsa-sha2-(?:512|256)|ssh-rsa)$/ : new RegExp(`^${type}$`),
  )
  return first(...patterns)
}

/** Hears the first line beside ssh2, which does not tell it. */
function listenForBanner(socket: Duplex, tell: (banner: string) => void): () => void {
  let start = ''
  const stop = () => socket.off('data', hear)
  const hear = (chunk: Buffer) => {
    start += chunk.toString('latin1')
    const banner = /^SSH-[^\r\n]*(?=\r?\n)/m.exec(start)
    if (!banner && start.length < 4096) return
    stop()
    if (banner) tell(banner[0])
  }
  socket.on('data', hear)
  return stop
}

import { isAbort, QuaysideError } from '../../../shared/errors.ts'
import type { HostConnection, HostKey } from '../../../shared/contract/hosts.ts'
import type { LoginSecret } from '../../domain/ports.ts'
import type { Target } from './target.ts'

// What ssh2, the network and sshd report, as errors a user can act on. All translation is here.

const field = (target: Target, name: string) =>
  target.alias === null ? `connection.${name}` : 'connection.alias'

/** The connection to a host broke; whatever ran over it has no known outcome. */
export function hostLost(name: string, cause?: unknown): QuaysideError {
  return new QuaysideError('host_lost', `The connection to ${name} was lost.`, {
    hint: 'Quayside connects again by itself as soon as the host answers.',
    cause,
  })
}

/** The SSH agent that a login needs is not there. */
export function agentUnavailable(message: string, cause?: unknown): QuaysideError {
  return new QuaysideError('agent_unavailable', message, {
    hint: 'Start the agent and add your key with “ssh-add”, or choose a key file.',
    field: 'connection.login',
    cause,
  })
}

/** Why the way to a server could not be gone, from anything thrown on it. */
export function connectError(thrown: unknown, target: Target): unknown {
  if (thrown instanceof QuaysideError || isAbort(thrown)) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  const code = codeOf(thrown)
  const where = `${target.host}, port ${target.port}`
  const at = (name: string, cause: unknown) => ({ field: field(target, name), cause })

  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EAI_NODATA')
    return addressUnknown(target, thrown)
  if (code === 'ECONNREFUSED')
    return new QuaysideError('host_unreachable', `${where}, refuses the connection.`, {
      hint: 'Check that the SSH server runs there and listens on this port, and that no firewall rejects it.',
      ...at('port', thrown),
    })
  if (code === 'ETIMEDOUT' || message === 'Timed out while waiting for handshake')
    return new QuaysideError('host_unreachable', `${where}, does not answer.`, {
      hint: 'Check the address and the port, that the server is up, and that no firewall drops the connection.',
      ...at('address', thrown),
    })
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH' || code === 'EADDRNOTAVAIL')
    return new QuaysideError('host_unreachable', `There is no way to ${target.host}.`, {
      hint: 'Check this computer’s network, a VPN that may be needed, and the address.',
      ...at('address', thrown),
    })
  if (message.includes('no matching')) return noCommonAlgorithm(message, target)
  if (/identification|protocol version|Unsupported protocol/i.test(message))
    return new QuaysideError('host_unreachable', `What answers at ${where}, is no SSH server.`, {
      hint: 'Give the port of the SSH server; it is 22 unless it was changed.',
      ...at('port', thrown),
    })
  if (message.includes('Too many authentication failures'))
    return new QuaysideError(
      'login_refused',
      `${target.host} ended the login: too many keys were offered.`,
      {
        hint: 'Choose the key file that belongs to this server instead of the agent with all its keys.',
        ...at('login', thrown),
      },
    )
  return new QuaysideError('host_unreachable', `${target.host} ended the connection too early.`, {
    hint: 'The server may limit new connections (MaxStartups, fail2ban). Wait a minute and try again.',
    ...at('address', thrown),
  })
}

export function addressUnknown(target: Target, cause: unknown): QuaysideError {
  return new QuaysideError('address_unknown', `Nobody knows the address ${target.host}.`, {
    hint: 'Check the spelling, or give the server’s IP address.',
    field: field(target, 'address'),
    cause,
  })
}

function noCommonAlgorithm(message: string, target: Target): QuaysideError {
  const what = message.includes('key exchange')
    ? {
        name: 'key exchange',
        hint: 'Quayside has curve25519-sha256, ECDH and Diffie-Hellman, no post-quantum exchange. Allow curve25519-sha256 by KexAlgorithms in /etc/ssh/sshd_config.',
      }
    : message.includes('host key')
      ? {
          name: 'type of host key',
          hint: 'Quayside knows ED25519, ECDSA and RSA host keys, no certificates. Give the server an ED25519 host key.',
        }
      : message.includes('cipher')
        ? {
            name: 'cipher',
            hint: 'Quayside offers AES-GCM and AES-CTR; chacha20-poly1305 is not there in every build. Allow aes128-gcm@openssh.com by Ciphers in /etc/ssh/sshd_config.',
          }
        : {
            name: 'message code',
            hint: 'Allow hmac-sha2-256-etm@openssh.com by MACs in /etc/ssh/sshd_config.',
          }
  return new QuaysideError(
    'login_unsupported',
    `${target.host} accepts no ${what.name} that Quayside has.`,
    { hint: what.hint, detail: message, field: field(target, 'address') },
  )
}

/** The server ended the login. */
export function loginRefused(
  target: Target,
  tried: readonly string[],
  allowed: readonly string[],
): QuaysideError {
  const methods = allowed.length > 0 ? allowed.join(', ') : 'none it would name'
  const more = {
    detail: `Tried: ${tried.join(', ') || 'nothing'}. The server allows: ${methods}.`,
    field: field(target, 'user'),
  }
  if (tried.length === 0)
    return new QuaysideError(
      'login_refused',
      `${target.host} does not allow this way to log in as ${target.user}.`,
      {
        ...more,
        hint: `It allows: ${methods}. Choose another login.`,
        field: field(target, 'login'),
      },
    )
  if (tried.every((way) => way === 'password'))
    return new QuaysideError('login_refused', `${target.host} refused this password.`, {
      ...more,
      hint: `Check the password and the user ${target.user}. root often may not log in by password.`,
      field: 'secret',
    })
  const byTicket =
    target.sshOptions.includes('gssapiauthentication=yes') && allowed.includes('gssapi-with-mic')
  return new QuaysideError('login_refused', `${target.host} refused the login as ${target.user}.`, {
    ...more,
    hint: `${byTicket ? 'Get a Kerberos ticket with kinit, if you have none that is valid. Or add' : 'Add'} your public key to ~/.ssh/authorized_keys of ${target.user} on the server, or choose another key or user. The server allows: ${methods}.`,
  })
}

/** The login is let in, and answers every command by words of its own. */
export function noShell(name: string, said: string): QuaysideError {
  return new QuaysideError('no_shell', `${name} lets you in, but runs no commands.`, {
    hint: 'Log in with ssh in a terminal and do what it asks: a password may have to be changed first. Or the account has no shell; then choose another user.',
    detail: said,
  })
}

/** The server would take the key, but the device did not sign. */
export function securityKeyRefused(target: Target, detail: string): QuaysideError {
  return new QuaysideError('login_refused', 'Your security key did not answer.', {
    hint: 'Plug it in and touch it when it blinks, then try again. If it wants a PIN, add it to your SSH agent first (ssh-add), which asks for that.',
    detail,
    field: field(target, 'login'),
  })
}

/**
 * What a failed login is told by where its kept secret could not be read: by that, if it was the
 * cause, or together with it, if it may have been.
 */
export function forWantOfSecret(
  thrown: unknown,
  { connection, unread }: Pick<LoginSecret, 'unread'> & { connection: HostConnection },
): unknown {
  if (unread === undefined || !(thrown instanceof QuaysideError)) return thrown
  if (thrown.code === 'passphrase_needed') return unread
  // For a name of the SSH config there may be a password, which is tried after all else.
  const mayLack = thrown.code === 'login_refused' || thrown.code === 'agent_unavailable'
  if (connection.kind !== 'ssh-config' || !mayLack) return thrown
  return new QuaysideError(thrown.code, thrown.message, {
    hint: [unread.message, unread.hint, thrown.hint].filter(Boolean).join(' '),
    detail: thrown.detail,
    field: thrown.field,
    facts: { unread: unread.code },
  })
}

export function secondStepWanted(target: Target, wanted: readonly string[]): QuaysideError {
  return new QuaysideError(
    'login_unsupported',
    `${target.host} wants a second step to log in (${wanted.join(', ')}).`,
    {
      hint: 'Quayside logs in unattended. Allow a key alone for this user by AuthenticationMethods in /etc/ssh/sshd_config.',
      field: field(target, 'login'),
    },
  )
}

export function passwordExpired(target: Target): QuaysideError {
  return new QuaysideError('login_refused', `The password of ${target.user} has expired.`, {
    hint: `Log in to ${target.host} once by ssh and set a new password.`,
    field: 'secret',
  })
}

export function hostKeyUnknown(
  target: Target,
  key: HostKey,
  more: { certificates: boolean; accepted?: string | undefined },
): QuaysideError {
  const facts = { ...key, host: target.host }
  if (more.accepted !== undefined)
    return new QuaysideError(
      'host_key_unknown',
      `${target.host} shows another key than the one you accepted.`,
      {
        hint: 'Compare again. If the keys differ, this may not be your server.',
        field: 'acceptHostKey',
        facts: { ...facts, accepted: more.accepted },
      },
    )
  return new QuaysideError('host_key_unknown', `The key of ${target.host} is not known yet.`, {
    hint: more.certificates
      ? 'Your known_hosts trusts a certificate authority for this host; Quayside cannot check host certificates. Compare the fingerprint with the server’s own.'
      : 'Compare the fingerprint with what the server itself says, then accept it.',
    facts,
  })
}

export function hostKeyChanged(target: Target, pinned: HostKey, shown: HostKey): QuaysideError {
  return new QuaysideError(
    'host_key_changed',
    `${target.host} shows another key than before. Nothing was sent to it.`,
    {
      hint: 'If you did not set the server up anew, someone may be in between. Compare the key on the server’s console before you replace it.',
      facts: {
        pinned: pinned.fingerprint,
        pinnedType: pinned.type,
        shown: shown.fingerprint,
        type: shown.type,
        host: target.host,
      },
    },
  )
}

export function hostKeyRevoked(target: Target, key: HostKey): QuaysideError {
  return new QuaysideError(
    'host_key_revoked',
    `${target.host} shows a key that known_hosts marks as revoked.`,
    {
      hint: 'Do not connect. Give the server a new host key and take the @revoked line out only if it is wrong.',
      facts: { ...key, host: target.host },
    },
  )
}

/** Why a channel to a port could not be opened. `reason` is RFC 4254's number. */
export function forwardError(thrown: unknown, name: string, port: number): QuaysideError {
  if (thrown instanceof QuaysideError) return thrown
  if (isProhibited(thrown)) return forwardingDenied(name, thrown)
  return new QuaysideError('engine_not_ready', `Nothing answers on port ${port} of ${name}.`, {
    hint: 'The database may still be starting, or be stopped.',
    cause: thrown,
  })
}

/** True when sshd refuses a channel as a matter of its settings. */
export function isProhibited(thrown: unknown): boolean {
  return thrown instanceof Error && 'reason' in thrown && thrown.reason === 1
}

export function forwardingDenied(name: string, cause?: unknown): QuaysideError {
  return new QuaysideError(
    'forwarding_denied',
    `The SSH server of ${name} forbids port forwarding.`,
    {
      hint: 'Set “AllowTcpForwarding local” in /etc/ssh/sshd_config (and no DisableForwarding, no PermitOpen against it), then reload sshd.',
      cause,
    },
  )
}

export function codeOf(thrown: unknown): string | null {
  if (thrown instanceof AggregateError) return codeOf(thrown.errors[0])
  if (!(thrown instanceof Error) || !('code' in thrown)) return null
  return typeof thrown.code === 'string' ? thrown.code : null
}

/** True for what no further try can mend without the user. */
export function needsUser(thrown: unknown): boolean {
  if (!(thrown instanceof QuaysideError)) return false
  switch (thrown.code) {
    case 'host_unreachable':
    case 'host_lost':
    case 'address_unknown':
    case 'docker_down':
      return false
    default:
      return true
  }
}

export function dockerDown(name: string, cause: unknown): QuaysideError {
  return new QuaysideError('docker_down', `Docker on ${name} does not answer.`, {
    hint: 'Look at it on the server. Quayside tries again by itself.',
    remedy: 'sudo systemctl status docker --no-pager',
    cause,
  })
}

/** @param rule the line that would let this user reach Docker by sudo */
export function dockerDenied(
  { user }: { user: string },
  name: string,
  detail: string,
  rule?: string,
): QuaysideError {
  const allow = `echo '${rule ?? ''}' | sudo tee /etc/sudoers.d/quayside`
  const join = `Let ${user} use Docker, which is as much as being root there, then check again.`
  return new QuaysideError('docker_denied', `${user} may not use Docker on ${name}.`, {
    hint:
      rule === undefined
        ? join
        : `${join} Or let sudo reach Docker alone without a password: ${allow}`,
    remedy: `sudo usermod -aG docker ${user}`,
    detail,
  })
}

/** The error for another machine that could not be reached on the way over a host. */
export function reachError(
  cause: unknown,
  name: string,
  { host, port }: { host: string; port: number },
): QuaysideError {
  const error = forwardError(cause, name, port)
  if (error.code !== 'engine_not_ready') return error
  return new QuaysideError('engine_not_ready', `${host}:${port} can’t be reached from ${name}.`, {
    hint: 'Check the address, whether a server listens there, and its firewall.',
    ...(error.detail !== undefined && { detail: error.detail }),
    cause,
  })
}

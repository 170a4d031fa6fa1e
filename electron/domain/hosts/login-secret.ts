import type { HostConnection } from '../../../shared/contract/hosts.ts'
import { QuaysideError, type ErrorCode, type ErrorData } from '../../../shared/errors.ts'
import { secretKeys, type HostRecord, type LoginSecret, type Secrets } from '../ports.ts'

/** What keeps a password or passphrase from being read. */
const unreadCodes: ReadonlySet<ErrorCode> = new Set([
  'keychain_unavailable',
  'keychain_locked',
  'vault_locked',
  'vault_damaged',
])

/**
 * What is kept for a host's login. A login by agent, or this computer, asks the keychain for nothing.
 *
 * @throws as `Secrets` does, where the host can't be reached without
 */
export async function readLoginSecret(
  secrets: Pick<Secrets, 'get'>,
  { connection, id }: Pick<HostRecord, 'connection' | 'id'>,
): Promise<LoginSecret> {
  const use = useOfSecret(connection)
  if (use === 'none') return {}
  try {
    return { secret: (await secrets.get(secretKeys.hostLogin(id))) ?? undefined }
  } catch (thrown) {
    const unread = thrown instanceof QuaysideError && isUnread(thrown)
    if (use === 'always' || !unread) throw thrown
    return { unread: thrown }
  }
}

/** Whether the keychain or the vault is what a secret could not be read from. */
export function isUnread({ code }: Pick<ErrorData, 'code'>): boolean {
  return unreadCodes.has(code)
}

/** Most keys have no passphrase, and most names of an SSH config lead to such a key or an agent. */
export function useOfSecret(connection: HostConnection): 'none' | 'maybe' | 'always' {
  if (connection.kind === 'local') return 'none'
  if (connection.kind === 'ssh-config') return 'maybe'
  switch (connection.login.kind) {
    case 'agent':
      return 'none'
    case 'key':
      return 'maybe'
    case 'password':
      return 'always'
  }
}

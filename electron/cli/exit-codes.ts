import type { ErrorCode } from '../../shared/errors.ts'

/** What `$?` says after a command; scripts may rely on these numbers. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  invalid: 2,
  notFound: 3,
  conflict: 4,
  unreachable: 5,
  hostKey: 6,
  login: 7,
  docker: 8,
  secrets: 9,
  store: 10,
  interrupted: 130,
} as const

/** Each number in words, as `--help` shows it. */
export const exitCodeMeanings: readonly (readonly [number, string])[] = [
  [exitCodes.ok, 'done'],
  [exitCodes.failed, 'failed for another reason than those below'],
  [exitCodes.invalid, 'wrong arguments, invalid input, or a name that fits several'],
  [exitCodes.notFound, 'no host, database or job of that name'],
  [exitCodes.conflict, 'in the way: name or port taken, protected, busy, host in use'],
  [exitCodes.unreachable, 'the host can’t be reached or was lost'],
  [exitCodes.hostKey, 'the host key is unknown, changed or revoked'],
  [exitCodes.login, 'the login was refused, or its key, agent or passphrase is missing'],
  [exitCodes.docker, 'Docker on the host: missing, denied, too old, image, disk, container'],
  [exitCodes.secrets, 'the keychain or the vault is absent, locked or damaged'],
  [exitCodes.store, 'Quayside’s own data: busy, damaged, or of a newer version'],
  [exitCodes.interrupted, 'cancelled, by Ctrl-C, by a signal or from elsewhere'],
]

/** Complete by its type: a new error code does not compile until it has a number here. */
const byError: Readonly<Record<ErrorCode, number>> = {
  internal: exitCodes.failed,
  invalid_input: exitCodes.invalid,
  not_found: exitCodes.notFound,
  cancelled: exitCodes.interrupted,
  name_taken: exitCodes.conflict,
  name_mismatch: exitCodes.invalid,
  protected: exitCodes.conflict,
  busy: exitCodes.conflict,
  address_unknown: exitCodes.unreachable,
  host_unreachable: exitCodes.unreachable,
  host_lost: exitCodes.unreachable,
  host_key_unknown: exitCodes.hostKey,
  host_key_changed: exitCodes.hostKey,
  host_key_revoked: exitCodes.hostKey,
  host_in_use: exitCodes.conflict,
  login_refused: exitCodes.login,
  login_unsupported: exitCodes.login,
  key_file_missing: exitCodes.login,
  key_file_invalid: exitCodes.login,
  passphrase_needed: exitCodes.login,
  passphrase_wrong: exitCodes.login,
  agent_unavailable: exitCodes.login,
  ssh_config_invalid: exitCodes.login,
  forwarding_denied: exitCodes.login,
  docker_missing: exitCodes.docker,
  docker_denied: exitCodes.docker,
  docker_too_old: exitCodes.docker,
  docker_down: exitCodes.docker,
  docker_failed: exitCodes.docker,
  image_not_found: exitCodes.docker,
  pull_failed: exitCodes.docker,
  port_taken: exitCodes.conflict,
  disk_full: exitCodes.docker,
  container_missing: exitCodes.docker,
  volume_missing: exitCodes.docker,
  engine_not_ready: exitCodes.failed,
  engine_failed: exitCodes.failed,
  keychain_unavailable: exitCodes.secrets,
  keychain_locked: exitCodes.secrets,
  vault_locked: exitCodes.secrets,
  vault_passphrase_wrong: exitCodes.secrets,
  vault_damaged: exitCodes.secrets,
  store_busy: exitCodes.store,
  store_damaged: exitCodes.store,
  store_newer: exitCodes.store,
  store_failed: exitCodes.store,
  update_not_trusted: exitCodes.failed,
  tunnel_port_taken: exitCodes.conflict,
}

/** The number a command that ended with this error answers with. */
export function exitCodeOf(code: ErrorCode): number {
  return byError[code]
}

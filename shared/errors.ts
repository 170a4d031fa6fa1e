import * as z from 'zod'

/**
 * Every cause a user can act on has a code. The code is what tests and callers compare; the words
 * may change. Anything that is no QuaysideError is a bug and becomes `internal`.
 */
export const errorCodes = [
  'internal',
  'invalid_input',
  'not_found',
  'cancelled',
  'name_taken',
  'name_mismatch',
  'protected',
  'busy',
  // the way to a host
  'address_unknown',
  'host_unreachable',
  'host_lost',
  'host_key_unknown',
  'host_key_changed',
  'host_key_revoked',
  'host_in_use',
  'login_refused',
  'login_unsupported',
  'no_shell',
  'key_file_missing',
  'key_file_invalid',
  'passphrase_needed',
  'passphrase_wrong',
  'agent_unavailable',
  'ssh_config_invalid',
  'forwarding_denied',
  // Docker on a host
  'docker_missing',
  'docker_denied',
  'docker_too_old',
  'docker_down',
  'docker_failed',
  'install_unsupported',
  'install_failed',
  'plan_changed',
  'clock_wrong',
  'port_exposed',
  'image_not_found',
  'pull_failed',
  'port_taken',
  'disk_full',
  'container_missing',
  'volume_missing',
  'engine_not_ready',
  'engine_failed',
  // backups
  'destination_unreachable',
  'destination_denied',
  'destination_failed',
  'destination_full',
  'backup_failed',
  'backup_damaged',
  'backup_newer',
  'backup_key_missing',
  'backup_key_wrong',
  'recovery_key_unsaved',
  'recovery_key_wrong',
  'restore_failed',
  'backup_stale',
  'stalled',
  // this computer
  'keychain_unavailable',
  'keychain_locked',
  'vault_locked',
  'vault_passphrase_wrong',
  'vault_damaged',
  'store_busy',
  'store_damaged',
  'store_newer',
  'store_failed',
  'update_not_trusted',
  'tunnel_port_taken',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** The shape in which an error crosses a boundary (IPC, CLI `--json`, a job's row). */
export const errorDataSchema = z.strictObject({
  code: z.enum(errorCodes),
  /** One sentence for the user: what happened. */
  message: z.string(),
  /** What the user can do about it. */
  hint: z.string().optional(),
  /** A command line that helps, for the server's own terminal; the hint leads to it. */
  remedy: z.string().optional(),
  /** The technical cause, shown on request. Never holds a secret. */
  detail: z.string().optional(),
  /** The input field the error belongs to, as a dotted path. */
  field: z.string().optional(),
  /** Facts a face may show by itself, such as a host key's fingerprint. */
  facts: z.record(z.string(), z.string()).optional(),
})

export type ErrorData = z.infer<typeof errorDataSchema>

/** An error a user can act on. */
export class QuaysideError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly remedy: string | undefined
  readonly detail: string | undefined
  readonly field: string | undefined
  readonly facts: Readonly<Record<string, string>> | undefined

  constructor(code: ErrorCode, message: string, more: ErrorDetails = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause })
    this.name = 'QuaysideError'
    this.code = code
    this.hint = more.hint
    this.remedy = more.remedy
    this.detail = more.detail ?? describeCause(more.cause)
    this.field = more.field
    this.facts = more.facts
  }
}

/** What may be known of an error beside its code and sentence. */
export interface ErrorDetails {
  hint?: string | undefined
  remedy?: string | undefined
  detail?: string | undefined
  field?: string | undefined
  facts?: Readonly<Record<string, string>> | undefined
  /** The error underneath; its message becomes `detail` where none is given. */
  cause?: unknown
}

function describeCause(cause: unknown): string | undefined {
  if (cause === undefined) return undefined
  if (cause instanceof Error) return cause.message
  return typeof cause === 'string' ? cause : JSON.stringify(cause)
}

/** Turns anything thrown into data for the other side of a boundary. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof QuaysideError) {
    return {
      code: thrown.code,
      message: thrown.message,
      ...(thrown.hint !== undefined && { hint: thrown.hint }),
      ...(thrown.remedy !== undefined && { remedy: thrown.remedy }),
      ...(thrown.detail !== undefined && { detail: thrown.detail }),
      ...(thrown.field !== undefined && { field: thrown.field }),
      ...(thrown.facts !== undefined && { facts: { ...thrown.facts } }),
    }
  }
  if (isAbort(thrown)) return { code: 'cancelled', message: 'Cancelled.' }
  return {
    code: 'internal',
    message: 'Something went wrong inside Quayside.',
    hint: 'Try again. If it stays, report it with the technical cause.',
    detail: thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown),
  }
}

/** Gives error data its class back. */
export function fromErrorData(data: ErrorData): QuaysideError {
  return new QuaysideError(data.code, data.message, data)
}

/** True for what an AbortSignal makes a call throw. */
export function isAbort(thrown: unknown): boolean {
  return thrown instanceof Error && (thrown.name === 'AbortError' || thrown.name === 'TimeoutError')
}

/** The error for input that does not fit its schema: the first issue, by its field. */
export function invalidInput(error: z.ZodError): QuaysideError {
  const issue = error.issues[0]
  const field = issue?.path.join('.') ?? ''
  return new QuaysideError('invalid_input', issue?.message ?? 'The input is not valid.', {
    ...(field !== '' && { field }),
    detail: z.prettifyError(error),
  })
}

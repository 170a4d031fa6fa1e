import type { DestinationSecrets } from '../../shared/contract/destinations.ts'
import { QuaysideError } from '../../shared/errors.ts'

/** Shorter ones are no secrets, and their letters stand in many words. */
const shortest = 6

/**
 * Takes what is secret out of a QuaysideError: an SDK may quote a request in its message, and a signed
 * address is a key. The error underneath is dropped for the same reason.
 */
export function createErrorWasher(secrets: DestinationSecrets): (thrown: unknown) => unknown {
  const known = Object.values(secrets)
    .flatMap((secret) => [secret, ...secret.split(/[\r\n;&]+|\\n/)])
    .map((secret) => secret.trim())
    .filter((secret) => secret.length >= shortest)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length)
  const wash = (text: string): string => {
    let clean = text
    for (const secret of known) clean = clean.replaceAll(secret, '•••')
    return clean.replace(
      /((?:sig|signature|credential|security-token|access_token|authorization)["']?\s*[=:]\s*)[^\s&"',]+/gi,
      '$1•••',
    )
  }
  return (thrown) => {
    if (!(thrown instanceof QuaysideError)) return thrown
    return new QuaysideError(thrown.code, wash(thrown.message), {
      hint: thrown.hint,
      detail: thrown.detail === undefined ? undefined : wash(thrown.detail).slice(0, 2000),
      field: thrown.field,
    })
  }
}

import type * as z from 'zod'
import { invalidInput, QuaysideError } from '../../shared/errors.ts'

/**
 * Parses what was typed.
 * @throws QuaysideError `invalid_input`, with the option it belongs to as its hint.
 */
export function parseInput<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const error = invalidInput(parsed.error)
  const place = placeOf(error.field)
  throw new QuaysideError('invalid_input', error.message, {
    hint: place === undefined ? undefined : `This is about ${place}.`,
    field: error.field,
    detail: error.detail,
  })
}

/** Where a field of the contract is typed, when it is not `--field` itself. */
const places: Readonly<Record<string, string>> = {
  name: 'NAME',
  id: 'the id',
  path: '--key',
  alias: '--ssh-config',
  socketPath: '--local',
  secret: 'the password or passphrase',
  passphrase: 'the passphrase',
  acceptHostKey: '--accept-host-key',
  fingerprint: 'the fingerprint',
  baseDomain: '--base-domain',
  dataDirectory: '--data-directory',
  localPort: '--port',
}

function placeOf(field: string | undefined): string | undefined {
  const last = field?.split('.').at(-1)
  return last === undefined ? undefined : (places[last] ?? `--${last}`)
}

/** Text that must be a whole number; leaves what is none to the schema behind it to refuse. */
export function wholeNumber(text: string): number {
  return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN
}

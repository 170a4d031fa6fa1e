import { randomBytes } from 'node:crypto'

/** `db_user_` and six hex digits. */
export function generateUser(bytes: (size: number) => Buffer = randomBytes): string {
  return `db_user_${bytes(3).toString('hex')}`
}

/**
 * 24 characters of base64 from a cryptographic source (18 bytes, 144 bits), with `+` written `A` and
 * `/` written `B`, so that it needs no escaping in a URL, a shell or an .env file.
 */
export function generatePassword(bytes: (size: number) => Buffer = randomBytes): string {
  return bytes(18).toString('base64').replaceAll('+', 'A').replaceAll('/', 'B')
}

import ssh2 from 'ssh2'
import type { ParsedKey } from 'ssh2'
import { QuaysideError } from '../../../shared/errors.ts'
import { isSecurityKey, readStart } from './key-files.ts'

/**
 * Reads a private key.
 *
 * @param onLocked called when the key is locked by a passphrase
 * @throws QuaysideError `key_file_missing`, `key_file_invalid`, `passphrase_needed`,
 *   `passphrase_wrong`
 */
export async function readKey(
  path: string,
  passphrase: string | null,
  onLocked?: () => void,
): Promise<ParsedKey> {
  const text = await readKeyText(path)
  try {
    return parsePrivateKey(text, path, null)
  } catch (error) {
    if (!(error instanceof QuaysideError) || error.code !== 'passphrase_needed') throw error
    onLocked?.()
    if (passphrase === null) throw error
    return parsePrivateKey(text, path, passphrase)
  }
}

async function readKeyText(path: string): Promise<string> {
  try {
    return await readStart(path)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : null
    if (code === 'ENOENT' || code === 'ENOTDIR')
      throw new QuaysideError('key_file_missing', `There is no file ${path}.`, {
        hint: 'Choose another key file, or make one with “ssh-keygen -t ed25519”.',
        field: 'connection.login.path',
        cause,
      })
    throw invalid(path, 'cannot be read', 'Check that it is a file that you may read.', cause)
  }
}

/** @throws as `readKey`, the missing file left out */
export function parsePrivateKey(text: string, path: string, passphrase: string | null): ParsedKey {
  if (text.startsWith('PuTTY-User-Key-File'))
    throw invalid(
      path,
      'is a PuTTY key',
      'Export it in PuTTYgen by “Conversions, Export OpenSSH key” and choose that file.',
    )
  if (/^(?:ssh-|ecdsa-|sk-)\S+ AAAA/m.test(text) || text.startsWith('---- BEGIN SSH2 PUBLIC'))
    throw invalid(path, 'is a public key', 'Choose the private one: the file without “.pub”.')
  if (!text.includes('PRIVATE KEY-----'))
    throw invalid(path, 'is no private key', 'Choose a private key as “ssh-keygen” makes it.')
  if (isSecurityKey(text))
    throw invalid(
      path,
      'belongs to a hardware security key',
      'Only the system’s ssh can use it, and that is not here, or cannot be shared (Windows). Install OpenSSH, or make another key with “ssh-keygen -t ed25519”.',
    )

  const key = firstOf(ssh2.utils.parseKey(text, passphrase ?? undefined))
  if (key instanceof Error) throw keyError(key, path, passphrase)
  if (key === undefined || !key.isPrivateKey())
    throw invalid(path, 'holds no private key', 'Choose a private key as “ssh-keygen” makes it.')
  return key
}

/** ssh2 gives a list for formats that can hold more than one key; its types do not say so. */
function firstOf(parsed: ParsedKey | Error | (ParsedKey | Error)[]): ParsedKey | Error | undefined {
  return Array.isArray(parsed) ? parsed[0] : parsed
}

function keyError(error: Error, path: string, passphrase: string | null): QuaysideError {
  // ssh2's words are kept out of the detail: a decoder's message may quote what it read.
  if (/no passphrase given/i.test(error.message))
    return new QuaysideError('passphrase_needed', `The key ${path} is locked by a passphrase.`, {
      hint: 'Give the passphrase; it is kept in the keychain.',
      field: 'secret',
    })
  if (passphrase !== null && /passphrase|integrity|decrypt|malformed/i.test(error.message))
    return new QuaysideError('passphrase_wrong', `The passphrase does not open ${path}.`, {
      hint: 'Check the passphrase, also for capitals and the keyboard’s language.',
      field: 'secret',
    })
  return invalid(
    path,
    'is in a format that Quayside cannot read',
    `Turn it into OpenSSH’s format with “ssh-keygen -p -f ${path}”.`,
  )
}

function invalid(path: string, what: string, hint: string, cause?: unknown): QuaysideError {
  return new QuaysideError('key_file_invalid', `${path} ${what}.`, {
    hint,
    field: 'connection.login.path',
    cause,
  })
}

import { QuaysideError } from '../../../shared/errors.ts'

const unlockHint =
  'Unlock the keychain (log in to your desktop, or answer the prompt it shows), then try again. Where there is no desktop, choose the vault file instead.'

/** What to install or do, by system. */
function absentHint(): string {
  if (process.platform === 'linux') {
    return 'Install a keychain and log in again: “sudo apt install gnome-keyring libsecret-1-0” on Debian and Ubuntu, “sudo dnf install gnome-keyring libsecret” on Fedora. On a machine without a desktop session, choose the vault file instead.'
  }
  return 'Log in to your desktop session and try again, or choose the vault file instead.'
}

/** `keychain_unavailable`: there is none, or it has no place to put a secret. */
export function keychainUnavailable(cause: unknown): QuaysideError {
  return new QuaysideError('keychain_unavailable', 'This computer’s keychain can’t be reached.', {
    hint: absentHint(),
    cause,
  })
}

/** `keychain_locked`: it is there, but does not open. */
export function keychainLocked(cause: unknown): QuaysideError {
  return new QuaysideError('keychain_locked', 'This computer’s keychain is locked.', {
    hint: unlockHint,
    cause,
  })
}

/** `keychain_locked` for one that does not answer: mostly, its prompt waits behind another window. */
export function keychainSilent(seconds: number): QuaysideError {
  return new QuaysideError(
    'keychain_locked',
    `This computer’s keychain has not answered within ${String(seconds)} seconds.`,
    { hint: 'Look for a window that asks to unlock it, answer it, and try again.' },
  )
}

/**
 * The native library passes on a text and nothing else. These are what GNOME Keyring, KWallet and
 * macOS say of a keychain that is locked or whose prompt was dismissed; anything else means that
 * there is none to be used.
 */
const lockedTexts = [
  /locked/i,
  /prompt was dismissed/i,
  /dismissed/i,
  /user (?:cancell?ed|interaction)/i,
  /passphrase you entered is not correct/i,
  /logon session does not exist/i,
]

/** Tells a locked keychain from one that isn't there. */
export function classifyKeychainError(thrown: unknown): QuaysideError {
  if (thrown instanceof QuaysideError) return thrown
  const text = thrown instanceof Error ? thrown.message : String(thrown)
  return lockedTexts.some((pattern) => pattern.test(text))
    ? keychainLocked(thrown)
    : keychainUnavailable(thrown)
}

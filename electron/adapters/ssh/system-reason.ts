import { execFile } from 'node:child_process'
import { access, readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { QuaysideError } from '../../../shared/errors.ts'
import { isSecurityKey, readStart } from './key-files.ts'
import type { Target } from './target.ts'

const answerWithinMs = 3_000

/** Words of ssh config that only the system's `ssh` can follow, as `ssh -G` prints them. */
export const systemWords = [
  ...['certificatefile', 'pkcs11provider', 'securitykeyprovider'],
  ...['gssapiauthentication', 'gssapidelegatecredentials'],
  ...['kexalgorithms', 'ciphers', 'macs', 'pubkeyacceptedalgorithms', 'casignaturealgorithms'],
]

export interface SystemReason {
  /** Words for the user such as `certificate ~/.ssh/id-cert.pub`. */
  why: string
  /** True for a security key: someone has to touch it before it signs. */
  touch: boolean
}

/**
 * What the system's `ssh` may have that ssh2 has not, after ssh2 did not get in; null when it would
 * not help.
 */
export async function systemReason(target: Target, refusal: unknown): Promise<SystemReason | null> {
  if (!(refusal instanceof QuaysideError)) return null
  switch (refusal.code) {
    case 'login_unsupported':
      return refusal.detail?.includes('no matching') === true
        ? untouched('algorithms of the server')
        : null
    case 'login_refused':
    case 'agent_unavailable':
    case 'key_file_invalid':
    case 'passphrase_needed':
      return (
        (await byCertificate(target)) ??
        (await bySecurityKey(target)) ??
        (await byAgent(target)) ??
        byOption(target)
      )
    default:
      return null
  }
}

const untouched = (why: string): SystemReason => ({ why, touch: false })
const touched = (why: string): SystemReason => ({ why, touch: true })

async function byCertificate({ login, sshOptions }: Target): Promise<SystemReason | null> {
  const named = sshOptions
    .filter((option) => option.startsWith('certificatefile='))
    .map((option) => option.slice('certificatefile='.length))
  const beside = login.keyFiles.map((file) => `${file}-cert.pub`)
  for (const file of [...named, ...beside])
    if (
      await access(file).then(
        () => true,
        () => false,
      )
    )
      return untouched(`certificate ${file}`)
  return named[0] === undefined ? null : untouched(`certificate ${named[0]}`)
}

async function bySecurityKey({ login }: Target): Promise<SystemReason | null> {
  for (const file of login.keyFiles) {
    const locked = await readStart(file).catch(() => '')
    const open = await readFile(`${file}.pub`, 'utf8').catch(() => '')
    if (isSecurityKey(locked) || open.startsWith('sk-')) return touched(`security key ${file}`)
  }
  return null
}

/** An agent may hold certificates and security keys, which ssh2 leaves out. */
async function byAgent({ login }: Target): Promise<SystemReason | null> {
  if (login.agentSocket === null) return null
  const env = { ...process.env, SSH_AUTH_SOCK: login.agentSocket }
  const { stdout } = await promisify(execFile)('ssh-add', ['-L'], {
    env,
    timeout: answerWithinMs,
    windowsHide: true,
  }).catch(() => ({ stdout: '' }))
  if (/^\S+-cert-v01@openssh\.com /m.test(stdout)) return untouched('certificate of the SSH agent')
  return /^sk-/m.test(stdout) ? touched('security key of the SSH agent') : null
}

function byOption({ sshOptions }: Target): SystemReason | null {
  if (sshOptions.includes('gssapiauthentication=yes')) return untouched('GSSAPI')
  const card = sshOptions.some((option) => option.startsWith('pkcs11provider='))
  return card ? untouched('PKCS#11') : null
}

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

/**
 * What the system's `ssh` may have that ssh2 has not, after ssh2 did not get in.
 *
 * @returns words for the user such as `certificate ~/.ssh/id-cert.pub`; null when it would not help
 */
export async function systemReason(target: Target, refusal: unknown): Promise<string | null> {
  // Windows' own ssh cannot share a connection (no ControlMaster).
  if (process.platform === 'win32' || !(refusal instanceof QuaysideError)) return null
  switch (refusal.code) {
    case 'login_unsupported':
      return refusal.detail?.includes('no matching') === true ? 'algorithms of the server' : null
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

async function byCertificate({ login, sshOptions }: Target): Promise<string | null> {
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
      return `certificate ${file}`
  return named[0] === undefined ? null : `certificate ${named[0]}`
}

async function bySecurityKey({ login }: Target): Promise<string | null> {
  for (const file of login.keyFiles) {
    const locked = await readStart(file).catch(() => '')
    const open = await readFile(`${file}.pub`, 'utf8').catch(() => '')
    if (isSecurityKey(locked) || open.startsWith('sk-')) return `security key ${file}`
  }
  return null
}

/** An agent may hold certificates and security keys, which ssh2 leaves out. */
async function byAgent({ login }: Target): Promise<string | null> {
  if (login.agentSocket === null) return null
  const env = { ...process.env, SSH_AUTH_SOCK: login.agentSocket }
  const { stdout } = await promisify(execFile)('ssh-add', ['-L'], {
    env,
    timeout: answerWithinMs,
  }).catch(() => ({ stdout: '' }))
  if (/^\S+-cert-v01@openssh\.com /m.test(stdout)) return 'certificate of the SSH agent'
  return /^sk-/m.test(stdout) ? 'security key of the SSH agent' : null
}

function byOption({ sshOptions }: Target): string | null {
  if (sshOptions.includes('gssapiauthentication=yes')) return 'GSSAPI'
  return sshOptions.some((option) => option.startsWith('pkcs11provider=')) ? 'PKCS#11' : null
}

import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../../scripts/program.ts'
import type { LabContext } from './context.ts'

/** The keys of the lab's users, made once for all hosts. */
export function userKeys(lab: LabContext): { plain: string; encrypted: string } {
  const folder = join(lab.instance.folder, 'keys')
  return { plain: join(folder, 'id_ed25519'), encrypted: join(folder, 'id_ed25519_encrypted') }
}

export async function ensureUserKeys(lab: LabContext): Promise<void> {
  const { plain, encrypted } = userKeys(lab)
  mkdirSync(join(lab.instance.folder, 'keys'), { recursive: true, mode: 0o700 })
  if (!existsSync(plain)) await makeKey(plain)
  if (!existsSync(encrypted)) await makeKey(encrypted, lab.state.passphrase)
}

/** Makes an ed25519 key, over the one that may be there. */
export async function makeKey(path: string, passphrase = ''): Promise<void> {
  rmSync(path, { force: true })
  await mustRun('ssh-keygen', ['-q', '-t', 'ed25519', '-C', 'lab', '-N', passphrase, '-f', path])
}

/** A key's fingerprint as ssh shows it: SHA256 and base64 without padding. */
export function fingerprint(path: string): string {
  const blob = readFileSync(`${path}.pub`, 'utf8').split(' ')[1] ?? ''
  const hash = createHash('sha256').update(Buffer.from(blob, 'base64')).digest('base64')
  return `SHA256:${hash.replace(/=+$/, '')}`
}

import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { parseKnownHosts } from './known-hosts.ts'
import { openOneDoor } from './one-door.ts'
import { commonWords, destination } from './system-login.ts'
import type { Target } from './target.ts'

const seenWithinMs = 20_000

/**
 * Sees the key that a server shows, with the system's `ssh` and without a login.
 *
 * @param knownTypes asked for first
 * @returns null when no key was shown
 */
export async function seeHostKey(
  socket: Duplex,
  target: Target,
  knownTypes: readonly string[],
  signal: AbortSignal,
): Promise<Buffer | null> {
  const folder = await mkdtemp(join(tmpdir(), 'qs-'))
  const door = await openOneDoor(socket)
  const seen = join(folder, 'seen')
  const first = knownTypes.flatMap((type) =>
    type === 'ssh-rsa' ? ['rsa-sha2-512', 'rsa-sha2-256'] : [type],
  )
  try {
    const order = first.length === 0 ? [] : ['-o', `HostKeyAlgorithms=^${first.join(',')}`]
    const words = [
      ...commonWords(target, door.port, seen, 'accept-new'),
      ...order,
      ...['-o', 'PreferredAuthentications=none', ...destination, 'true'],
    ]
    const child = spawn('ssh', words, {
      stdio: 'ignore',
      windowsHide: true,
      signal,
      timeout: seenWithinMs,
    })
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', () => resolve())
    })
    const lines = parseKnownHosts(await readFile(seen, 'utf8').catch(() => ''))
    return lines[0]?.blob ?? null
  } finally {
    door.close()
    await rm(folder, { recursive: true, force: true })
  }
}

import { copyFileSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { HostContext } from '../context.ts'
import { fingerprint, makeKey } from '../keys.ts'
import { endSshd, startSshd } from '../sshd.ts'

/** The host shows another key from now on. Answers with its fingerprint. */
export async function newHostKey(host: HostContext): Promise<string> {
  const { key, original } = places(host)
  if (!existsSync(original)) copyKey(key, original)
  await makeKey(key)
  return restart(host)
}

/** The host shows the key of the beginning. Answers with its fingerprint. */
export async function restoreHostKey(host: HostContext): Promise<string> {
  const { key, original } = places(host)
  if (!existsSync(original)) return fingerprint(key)
  copyKey(original, key)
  for (const file of [original, `${original}.pub`]) rmSync(file)
  return restart(host)
}

async function restart(host: HostContext): Promise<string> {
  await endSshd(host)
  await startSshd(host)
  return fingerprint(places(host).key)
}

function places(host: HostContext): { key: string; original: string } {
  return { key: join(host.folder, 'host_key'), original: join(host.folder, 'host_key.original') }
}

function copyKey(from: string, to: string): void {
  copyFileSync(from, to)
  copyFileSync(`${from}.pub`, `${to}.pub`)
}

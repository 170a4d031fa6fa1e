import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { HostKey } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import {
  fingerprint,
  judge,
  keyType,
  knownHostsLine,
  parseKnownHosts,
  pinsFor,
  speaksOf,
} from './known-hosts.ts'
import type { KnownHost, Verdict } from './known-hosts.ts'

/** What is known of servers' keys. */
export interface HostKeys {
  /** Judges the key that a server shows, and remembers the key for `pin`. */
  judge(name: string, blob: Buffer, files: readonly string[]): Promise<Verdict>
  /** Key types known for a server, to be asked for first. */
  knownTypes(name: string, files: readonly string[]): Promise<string[]>
  /** Keys with this fingerprint that servers have shown to this process. */
  shown(fingerprint: string): { name: string; blob: Buffer }[]
  /** Writes a key into Quayside's own file; `replace` removes the other keys of the server there. */
  pin(name: string, blob: Buffer, replace: boolean): Promise<void>
}

/** @param home Quayside's own folder; its `known_hosts` is the only file that is written */
export function createHostKeys({ home }: { home: string }): HostKeys {
  const ownPath = join(home, 'known_hosts')
  const shown = new Map<string, { name: string; blob: Buffer }>()
  let writing: Promise<void> = Promise.resolve()

  const read = async (files: readonly string[]) => ({
    own: parseKnownHosts(await readOrEmpty(ownPath)),
    others: (await Promise.all(files.map(readOrEmpty))).flatMap(parseKnownHosts),
  })

  async function write(name: string, blob: Buffer, replace: boolean): Promise<void> {
    const before = await readOrEmpty(ownPath)
    const kept = before
      .split('\n')
      .filter((line) => line !== '' && !(replace && isPinOf(line, name)))
      .map((line) => `${line}\n`)
      .join('')
    await writeAtomically(ownPath, kept + knownHostsLine(name, blob))
  }

  return {
    async judge(name, blob, files) {
      shown.set(`${name} ${fingerprint(blob)}`, { name, blob })
      const { own, others } = await read(files)
      return judge(blob, name, own, others)
    },
    async knownTypes(name, files) {
      const { own, others } = await read(files)
      return [...new Set(pinsFor(name, own, others).map((pin) => pin.type))]
    },
    shown(wanted) {
      return [...shown.values()].filter(({ blob }) => fingerprint(blob) === wanted)
    },
    pin(name, blob, replace) {
      writing = writing.then(
        () => write(name, blob, replace),
        () => write(name, blob, replace),
      )
      return writing
    },
  }
}

/** What a face shows of a key. */
export function hostKeyOf(blob: Buffer): HostKey {
  return { fingerprint: fingerprint(blob), type: keyType(blob) ?? 'unknown' }
}

/** `ED25519, 256 bit`: the key as people compare it. */
export function describeKey(blob: Buffer): string {
  const type = keyType(blob) ?? 'unknown'
  if (type === 'ssh-ed25519') return 'ED25519, 256 bit'
  if (type.startsWith('ecdsa-sha2-nistp')) return `ECDSA, ${type.slice(-3)} bit`
  if (type === 'ssh-rsa') return `RSA, ${rsaBits(blob)} bit`
  return type
}

/** The length of the modulus, the third field of an RSA key. */
function rsaBits(blob: Buffer): number {
  let at = 0
  let field: Buffer = Buffer.alloc(0)
  for (let i = 0; i < 3; i++) {
    const length = blob.readUInt32BE(at)
    field = blob.subarray(at + 4, at + 4 + length)
    at += 4 + length
  }
  return (field[0] === 0 ? field.length - 1 : field.length) * 8
}

function isPinOf(line: string, name: string): boolean {
  return parseKnownHosts(line).some(
    (entry: KnownHost) => entry.marker === null && speaksOf(entry, name),
  )
}

/** A file that isn't there knows nobody; one that can't be read must not count as empty. */
/** @throws QuaysideError `ssh_config_invalid` for a file that is there and cannot be read */
async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new QuaysideError('ssh_config_invalid', `${path} cannot be read.`, {
      hint: 'It tells which servers are known. Make it a file that you may read, then try again.',
      cause: error,
    })
  }
}

async function writeAtomically(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomUUID()}`
  try {
    const file = await open(draft, 'wx', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

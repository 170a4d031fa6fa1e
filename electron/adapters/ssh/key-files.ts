import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** No private key is longer. */
const longestBytes = 64 * 1024

/** The type stands in the clear in OpenSSH's format, also of an encrypted key. */
export function isSecurityKey(text: string): boolean {
  const base64 = text.replace(/-----[^-]*-----/g, '').replace(/\s+/g, '')
  const head = Buffer.from(base64, 'base64').subarray(0, 512).toString('latin1')
  return head.startsWith('openssh-key-v1') && /sk-(?:ssh|ecdsa)-/.test(head)
}

/** Private key files in a folder, told by their content; none when there is no such folder. */
export async function findKeyFiles(folder: string): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch {
    return [] // no ~/.ssh, or none that may be read: nothing to suggest
  }
  const found = await Promise.all(
    names.sort().map(async (name) => {
      const path = join(folder, name)
      const text = await readStart(path).catch(() => '')
      return /^-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----/m.test(text) ? [path] : []
    }),
  )
  return found.flat()
}

/** The beginning of a file, as far as any key goes. */
export async function readStart(path: string): Promise<string> {
  // Never a FIFO or a device, whose reading would not end.
  const file = await open(path, 'r')
  try {
    const facts = await file.stat()
    if (!facts.isFile()) throw new Error('It is not a file.')
    const buffer = Buffer.alloc(Math.min(facts.size, longestBytes))
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

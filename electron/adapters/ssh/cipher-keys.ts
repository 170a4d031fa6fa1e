import { createSecretKey } from 'node:crypto'
import type { Client } from 'ssh2'

/** Where ssh2 keeps the keys of a connection's two directions. */
const places = [
  ['_cipher', '_encKey'],
  ['_decipher', '_decipherKey'],
] as const

/**
 * ssh2 makes a cipher for each packet of AES-GCM, and Node needs 50 µs of it to learn what a key of
 * plain bytes is; a key object takes 10. So the keys become key objects, after every key exchange.
 * It reaches into ssh2; where that looks different one day, nothing happens but that it is slower.
 */
export function quickenCiphers(client: Client): void {
  const quicken = () => {
    const protocol = objectIn(client, '_protocol')
    for (const [cipher, key] of places) {
      const holder = objectIn(protocol, cipher)
      const bytes: unknown = holder && Reflect.get(holder, key)
      if (holder && Buffer.isBuffer(bytes) && isGcm(holder)) {
        Reflect.set(holder, key, createSecretKey(bytes))
      }
    }
  }
  quicken()
  client.on('handshake', quicken)
}

/** Only these make a cipher for each packet, from a key that nothing else reads. */
function isGcm(holder: object): boolean {
  return /^AESGCM(?:Cipher|Decipher)Native$/.test(holder.constructor.name)
}

function objectIn(holder: object | null, name: string): object | null {
  const found: unknown = holder && Reflect.get(holder, name)
  return typeof found === 'object' ? found : null
}

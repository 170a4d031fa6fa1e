import { createSecretKey } from 'node:crypto'
import type { Client } from 'ssh2'

/**
 * Takes two things off the way of each packet, after every key exchange:
 *
 * ssh2 makes a cipher for each packet of AES-GCM, and Node needs 50 µs of it to learn what a key of
 * plain bytes is; a key object takes 10. So the keys become key objects.
 *
 * It writes a packet in three pieces: its length, its content, its seal. Each is a call of the system
 * and a packet of TCP, and wakes the server, which can begin with none but the last. So the pieces
 * are put together first.
 *
 * It reaches into ssh2; where that looks different one day, nothing happens but that it is slower.
 */
export function quickenCiphers(client: Client): void {
  const quicken = () => {
    const protocol = objectIn(client, '_protocol')
    const cipher = objectIn(protocol, '_cipher')
    if (cipher) {
      useKeyObject(cipher, '_encKey')
      writeWhole(cipher)
    }
    const decipher = objectIn(protocol, '_decipher')
    if (decipher) useKeyObject(decipher, '_decipherKey')
  }
  quicken()
  client.on('handshake', quicken)
}

/** Only those of AES-GCM make a cipher for each packet, from a key that nothing else reads. */
function useKeyObject(holder: object, name: string): void {
  const bytes: unknown = Reflect.get(holder, name)
  const gcm = /^AESGCM(?:Cipher|Decipher)Native$/.test(holder.constructor.name)
  if (gcm && Buffer.isBuffer(bytes)) Reflect.set(holder, name, createSecretKey(bytes))
}

function writeWhole(cipher: object): void {
  const encrypt: unknown = Reflect.get(cipher, 'encrypt')
  const write: unknown = Reflect.get(cipher, '_onWrite')
  if (typeof encrypt !== 'function' || typeof write !== 'function') return
  // Without effect on a cipher that has it already.
  if (Object.hasOwn(cipher, 'encrypt')) return

  let pieces: Uint8Array[] = []
  Reflect.set(cipher, '_onWrite', (piece: Uint8Array) => void pieces.push(piece))
  Reflect.set(cipher, 'encrypt', (packet: unknown) => {
    Reflect.apply(encrypt, cipher, [packet])
    const whole = pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)
    pieces = []
    // A cipher that is not used any more writes nothing.
    if (whole?.length) Reflect.apply(write, cipher, [whole])
  })
}

function objectIn(holder: object | null, name: string): object | null {
  const found: unknown = holder && Reflect.get(holder, name)
  return typeof found === 'object' ? found : null
}

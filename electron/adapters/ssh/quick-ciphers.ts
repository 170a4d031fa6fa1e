import type { Client } from 'ssh2'
import { isGcmCipher, isGcmDecipher, quickenGcmCipher, quickenGcmDecipher } from './quick-gcm.ts'

/**
 * Takes off the way of each packet what need not be there, after every key exchange: with AES-GCM a
 * cipher that is made anew (see `quickenGcmCipher`), and with all ciphers needless writes. ssh2 writes
 * a packet in pieces: its length, its content, its seal. Each is a call of the system and a packet of
 * TCP, and wakes the server, which can begin with none but the last.
 *
 * It reaches into ssh2; where that looks different one day, nothing happens but that it is slower.
 */
export function quickenCiphers(client: Client): void {
  const quicken = () => {
    const protocol = objectIn(client, '_protocol')
    const cipher = objectIn(protocol, '_cipher')
    // What has it already is left alone.
    if (cipher && !Object.hasOwn(cipher, 'encrypt')) {
      if (isGcmCipher(cipher)) quickenGcmCipher(cipher)
      else writeWhole(cipher)
    }
    const decipher = objectIn(protocol, '_decipher')
    if (decipher && !Object.hasOwn(decipher, 'decrypt') && isGcmDecipher(decipher)) {
      quickenGcmDecipher(decipher)
    }
  }
  quicken()
  client.on('handshake', quicken)
}

function writeWhole(cipher: object): void {
  const encrypt: unknown = Reflect.get(cipher, 'encrypt')
  const write: unknown = Reflect.get(cipher, '_onWrite')
  if (typeof encrypt !== 'function' || typeof write !== 'function') return

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

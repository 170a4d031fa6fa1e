import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from 'node:crypto'
import * as z from 'zod'

// A packet of AES-GCM in SSH (RFC 5647): the length of its content as plain text, the content, and a
// seal over both. The content begins with how much of its end is padding.

const lengthBytes = 4
const sealBytes = 16
const blockBytes = 16
const leastPadding = 4
/** Contents that ssh2 takes, bytes; it tells what is wrong with others. */
const contentBytes = { least: blockBytes, unit: blockBytes, most: 34_980 }

const algorithm = z.enum(['aes-128-gcm', 'aes-256-gcm'])

const gcmCipher = z.object({
  _encSSLName: algorithm,
  _encKey: z.instanceof(Buffer),
  _encIV: z.instanceof(Buffer),
  _dead: z.boolean(),
  outSeqno: z.number(),
  _onWrite: functionOf<(packet: Uint8Array) => void>(),
  allocPacket: functionOf<(sent: number) => Buffer>(),
  encrypt: functionOf<(packet: Buffer) => void>(),
})
type GcmCipher = z.infer<typeof gcmCipher>

const gcmDecipher = z.object({
  _decipherSSLName: algorithm,
  _decipherKey: z.instanceof(Buffer),
  _decipherIV: z.instanceof(Buffer),
  /** None between packets. */
  _lenBytes: z.number(),
  inSeqno: z.number(),
  _onPayload: functionOf<(payload: Buffer) => unknown>(),
  decrypt: functionOf<(data: Buffer, from: number, end: number) => unknown>(),
})
type GcmDecipher = z.infer<typeof gcmDecipher>

/** Whether it is ssh2's cipher of AES-GCM, and looks as it is known here. */
export function isGcmCipher(found: object): found is GcmCipher {
  return found.constructor.name === 'AESGCMCipherNative' && gcmCipher.safeParse(found).success
}

/** Whether it is ssh2's decipher of AES-GCM, and looks as it is known here. */
export function isGcmDecipher(found: object): found is GcmDecipher {
  return found.constructor.name === 'AESGCMDecipherNative' && gcmDecipher.safeParse(found).success
}

/**
 * AES-GCM needs a new cipher for each packet, which ssh2 makes when the packet waits to leave: 25 µs
 * from a key of plain bytes, 3 from a key object. Here it is made from a key object, and as soon as
 * the packet before has left, while the host is at work. A packet leaves in one piece.
 */
export function quickenGcmCipher(cipher: GcmCipher): void {
  const { _encSSLName: name, _encIV: iv } = cipher
  const key = createSecretKey(cipher._encKey)
  const prepare = () => createCipheriv(name, key, iv)
  if (samePacket(cipher.allocPacket(1), allocate(1))) cipher.allocPacket = allocate
  let next: ReturnType<typeof prepare> | null = prepare()
  cipher.encrypt = function sealNext(packet) {
    if (cipher._dead) return
    const sealing = next ?? prepare()
    next = null
    const length = packet.subarray(0, lengthBytes)
    sealing.setAAD(length)
    const content = sealing.update(packet.subarray(lengthBytes))
    sealing.final()
    const whole = Buffer.concat([length, content, sealing.getAuthTag()])
    increment(iv)
    cipher.outSeqno = (cipher.outSeqno + 1) >>> 0
    cipher._onWrite(whole)
    next ??= prepare()
  }
}

/**
 * The same for what arrives: the decipher of a packet is made once the one before was passed on. A
 * packet that comes in parts is left to ssh2.
 */
export function quickenGcmDecipher(decipher: GcmDecipher): void {
  const { _decipherSSLName: name, _decipherIV: iv, decrypt } = decipher
  const key = createSecretKey(decipher._decipherKey)
  Reflect.set(decipher, '_decipherKey', key)
  const prepare = () => createDecipheriv(name, key, iv, { authTagLength: sealBytes })
  let next: ReturnType<typeof prepare> | null = null
  decipher.decrypt = function openNext(data, from, end) {
    let at = from
    while (decipher._lenBytes === 0 && at < end) {
      const seal = sealOf(data, at, end)
      if (seal === null) break
      const opened = next ?? prepare()
      next = null
      opened.setAAD(data.subarray(at, at + lengthBytes))
      const content = opened.update(data.subarray(at + lengthBytes, seal))
      opened.setAuthTag(data.subarray(seal, seal + sealBytes))
      // Throws where the seal is not the host's, as it does in ssh2.
      opened.final()
      at = seal + sealBytes
      increment(iv)
      decipher.inSeqno = (decipher.inSeqno + 1) >>> 0
      const answer = decipher._onPayload(content.subarray(1, content.length - content.readUInt8()))
      // New keys have come: what follows is for another decipher.
      if (answer !== undefined) return answer === false ? at : answer
      next ??= prepare()
    }
    if (at >= end) return undefined
    // Its counter goes on with each packet that ssh2 reads.
    next = null
    return Reflect.apply(decrypt, decipher, [data, at, end])
  }
}

/**
 * A packet to be filled and sealed, as ssh2 makes it (RFC 4253, section 6: whole blocks, and padding
 * of random bytes). But ssh2 asks for these anew each time, which takes longer than to seal them.
 */
function allocate(sent: number): Buffer {
  let padding = blockBytes - ((1 + sent) % blockBytes)
  if (padding < leastPadding) padding += blockBytes
  const packet = Buffer.allocUnsafe(lengthBytes + 1 + sent + padding)
  packet.writeUInt32BE(packet.length - lengthBytes)
  packet.writeUInt8(padding, lengthBytes)
  packet.set(takeRandom(padding), packet.length - padding)
  return packet
}

function samePacket(theirs: Buffer, ours: Buffer): boolean {
  const head = lengthBytes + 1
  return theirs.length === ours.length && theirs.subarray(0, head).equals(ours.subarray(0, head))
}

const random = Buffer.alloc(4_096)
let taken = random.length

/** Random bytes of the system, each given out once. */
function takeRandom(count: number): Buffer {
  if (taken + count > random.length) {
    randomFillSync(random)
    taken = 0
  }
  taken += count
  return random.subarray(taken - count, taken)
}

/** Where the seal of a packet begins that is there to its end; null where ssh2 has to look at it. */
function sealOf(data: Buffer, at: number, end: number): number | null {
  if (end - at < lengthBytes) return null
  const length = data.readUInt32BE(at)
  const { least, unit, most } = contentBytes
  if (length < least || length > most || length % unit !== 0) return null
  const seal = at + lengthBytes + length
  return seal + sealBytes <= end ? seal : null
}

/** The last eight bytes of an IV count the packets. */
function increment(iv: Buffer): void {
  for (let at = 11; at >= 4; at--) {
    const count = (iv.readUInt8(at) + 1) & 0xff
    iv.writeUInt8(count, at)
    if (count !== 0) return
  }
}

function functionOf<F>(): z.ZodType<F> {
  return z.custom<F>((found) => typeof found === 'function')
}

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
 * the packet before has left, while the host is at work. A packet leaves in one piece, from the memory
 * it was filled in.
 */
export function quickenGcmCipher(cipher: GcmCipher): void {
  const { _encSSLName: name, _encIV: iv } = cipher
  const key = createSecretKey(cipher._encKey)
  const prepare = () => createCipheriv(name, key, iv)
  /** The packet that is filled now, with room for its seal. */
  let filled = allocate(0)
  if (samePacket(cipher.allocPacket(1), withoutSeal(allocate(1)))) {
    cipher.allocPacket = function allocateNext(sent) {
      filled = allocate(sent)
      return withoutSeal(filled)
    }
  }
  let next: ReturnType<typeof prepare> | null = prepare()
  cipher.encrypt = function sealNext(packet) {
    if (cipher._dead) return
    const sealing = next ?? prepare()
    next = null
    sealing.setAAD(packet.subarray(0, lengthBytes))
    const content = sealing.update(packet.subarray(lengthBytes))
    sealing.final()
    // One that ssh2 has laid out itself has no room.
    const isRoomy = packet.buffer === filled.buffer && packet.byteOffset === filled.byteOffset
    const whole = isRoomy ? filled : Buffer.concat([packet, Buffer.alloc(sealBytes)])
    whole.set(content, lengthBytes)
    whole.set(sealing.getAuthTag(), packet.length)
    giveBack(content)
    increment(iv)
    cipher.outSeqno = (cipher.outSeqno + 1) >>> 0
    cipher._onWrite(whole)
    next ??= prepare()
  }
}

/**
 * The same for what arrives: the decipher of a packet is made once the one before was passed on. A
 * packet that comes in parts is put together before, into memory that is used anew: ssh2 takes three
 * pieces of new memory for each. What came in is given back at once for the same reason: left to the
 * collector, it costs a tunnel a tenth of its speed. So nobody may look at what the socket has read
 * after ssh2 has.
 */
export function quickenGcmDecipher(decipher: GcmDecipher): void {
  const { _decipherSSLName: name, _decipherIV: iv, decrypt } = decipher
  const key = createSecretKey(decipher._decipherKey)
  Reflect.set(decipher, '_decipherKey', key)
  const prepare = () => createDecipheriv(name, key, iv, { authTagLength: sealBytes })
  let next: ReturnType<typeof prepare> | null = null
  /** The packet of which a part is still to come. */
  const held = Buffer.allocUnsafeSlow(lengthBytes + contentBytes.most + sealBytes)
  let heldBytes = 0

  /** Adds to it until it has so many bytes; gives how many were taken. */
  const hold = (data: Buffer, from: number, end: number, wanted: number): number => {
    const taken = Math.max(0, Math.min(wanted - heldBytes, end - from))
    held.set(data.subarray(from, from + taken), heldBytes)
    heldBytes += taken
    return taken
  }

  const openPacket = (data: Buffer, from: number, end: number): unknown => {
    const opened = next ?? prepare()
    next = null
    opened.setAAD(data.subarray(from, from + lengthBytes))
    const content = opened.update(data.subarray(from + lengthBytes, end - sealBytes))
    opened.setAuthTag(data.subarray(end - sealBytes, end))
    // Throws where the seal is not the host's, as it does in ssh2.
    opened.final()
    increment(iv)
    decipher.inSeqno = (decipher.inSeqno + 1) >>> 0
    const answer = decipher._onPayload(content.subarray(1, content.length - content.readUInt8()))
    // Where new keys have come, what follows is for another decipher.
    if (answer === undefined) next ??= prepare()
    return answer
  }

  decipher.decrypt = function openNext(data, from, end) {
    // What ssh2 has begun, and what it has to refuse, is its own. Its counter goes on with each packet.
    const leave = (to: Buffer, at: number, until: number) => {
      next = null
      return Reflect.apply(decrypt, decipher, [to, at, until])
    }
    if (decipher._lenBytes !== 0) return leave(data, from, end)
    let at = from
    while (at < end) {
      if (heldBytes > 0 || end - at < lengthBytes) at += hold(data, at, end, lengthBytes)
      if (heldBytes > 0 && heldBytes < lengthBytes) break
      const whole = heldBytes > 0 ? packetBytes(held, 0) : packetBytes(data, at)
      if (whole === null) return heldBytes > 0 ? leave(held, 0, heldBytes) : leave(data, at, end)
      const isHere = heldBytes === 0 && at + whole <= end
      let answer: unknown
      if (isHere) {
        at += whole
        answer = openPacket(data, at - whole, at)
      } else {
        at += hold(data, at, end, whole)
        if (heldBytes < whole) break
        heldBytes = 0
        answer = openPacket(held, 0, whole)
      }
      if (answer !== undefined) return answer === false ? at : answer
    }
    giveBack(data)
    return undefined
  }
}

/**
 * A packet to be filled and sealed, as ssh2 makes it (RFC 4253, section 6: whole blocks, and padding
 * of random bytes), and room for its seal. But ssh2 asks for random bytes anew each time, which takes
 * longer than to seal a packet.
 */
function allocate(sent: number): Buffer {
  let padding = blockBytes - ((1 + sent) % blockBytes)
  if (padding < leastPadding) padding += blockBytes
  const length = 1 + sent + padding
  const packet = Buffer.allocUnsafe(lengthBytes + length + sealBytes)
  packet.writeUInt32BE(length)
  packet.writeUInt8(padding, lengthBytes)
  packet.set(takeRandom(padding), lengthBytes + length - padding)
  return packet
}

function withoutSeal(packet: Buffer): Buffer {
  return packet.subarray(0, packet.length - sealBytes)
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

/** How long a packet is with its seal; null where ssh2 has to say what is wrong with it. */
function packetBytes(data: Buffer, at: number): number | null {
  const length = data.readUInt32BE(at)
  const { least, unit, most } = contentBytes
  if (length < least || length > most || length % unit !== 0) return null
  return lengthBytes + length + sealBytes
}

/** A smaller one is not worth the call. */
const largeBytes = 16 * 1024

/** Memory of which nobody has another part: a socket fills one with each read. */
function giveBack({ buffer, byteLength }: Buffer): void {
  const isWhole = byteLength === buffer.byteLength
  if (buffer instanceof ArrayBuffer && isWhole && byteLength >= largeBytes) buffer.transfer(0)
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

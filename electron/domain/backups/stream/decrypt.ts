import { createDecipheriv } from 'node:crypto'
import { Transform } from 'node:stream'
import { createByteQueue } from '../../../../shared/byte-queue.ts'
import {
  damagedBackup,
  headerBytes,
  headerFits,
  nonceOf,
  objectKeys,
  readHeader,
  tagBytes,
  wrongKey,
  type CipherHeader,
} from './cipher-format.ts'

/** A key by its id. @throws QuaysideError `backup_key_missing` */
export type FindKey = (keyId: string) => Promise<Uint8Array>

/**
 * Decrypts what `encrypt` wrote. No byte of a chunk leaves before the chunk is proven, and none at all
 * before the key is. The bytes that left are whole only once the stream has ended without an error.
 * @throws QuaysideError `backup_key_missing`, `backup_key_wrong`, `backup_newer`; `backup_damaged` for
 * changed, missing, exchanged, added bytes
 */
export function decrypt(findKey: FindKey): Transform {
  const queue = createByteQueue()
  let opened: { header: CipherHeader; file: Buffer; sealed: Buffer } | undefined
  let counter = 0

  const open = async (): Promise<NonNullable<typeof opened>> => {
    const header = readHeader(Buffer.from(queue.take(headerBytes)))
    const { file, mac } = objectKeys(await findKey(header.keyId), header.salt)
    if (!headerFits(header, mac)) throw wrongKey(header.keyId)
    // The memory of each chunk in turn.
    return { header, file, sealed: Buffer.alloc(header.chunkBytes + tagBytes) }
  }

  const unseal = (sealed: Buffer, last: boolean): Buffer | null => {
    if (!opened || sealed.length < tagBytes) return null
    const { file, header } = opened
    const nonce = nonceOf(header.prefix, counter, last)
    const decipher = createDecipheriv('aes-256-gcm', file, nonce, { authTagLength: tagBytes })
    decipher.setAAD(header.bytes)
    decipher.setAuthTag(sealed.subarray(-tagBytes))
    const plain = decipher.update(sealed.subarray(0, -tagBytes))
    try {
      decipher.final()
    } catch {
      // The tag does not fit; Node's error says no more than that.
      return null
    }
    return plain
  }

  const take = async (stage: Transform): Promise<void> => {
    if (!opened) {
      if (queue.size < headerBytes) return
      opened = await open()
    }
    const { sealed } = opened
    // What fills a chunk to the byte may be the last one: only one more byte tells.
    while (queue.size > sealed.length) {
      const plain = unseal(bufferOf(queue.take(sealed.length, sealed)), false)
      if (!plain) throw damagedBackup(`Chunk ${counter} is not as it was written.`)
      counter += 1
      stage.push(plain)
    }
  }

  const end = (stage: Transform): void => {
    if (!opened) throw damagedBackup('It ends within its head.')
    const rest = bufferOf(queue.take(queue.size))
    const plain = unseal(rest, true)
    if (!plain) {
      const cut = unseal(rest, false) !== null || rest.length < tagBytes
      throw damagedBackup(
        cut
          ? `It ends before its last chunk, at ${counter}.`
          : `Chunk ${counter} is not as it was written.`,
      )
    }
    if (plain.length === 0 && counter > 0) throw damagedBackup('Its last chunk is empty.')
    stage.push(plain)
  }

  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      queue.push(chunk)
      take(this).then(() => done(), done)
    },
    flush(done) {
      try {
        end(this)
        done()
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
      }
    },
  })
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

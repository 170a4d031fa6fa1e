import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { QuaysideError } from '../../../../shared/errors.ts'

// The format of `.enc`, as docs/recover-without-quayside.md tells it:
//
// header, 96 bytes
//    0  "QSBK"     4  version 1     5  log2 of the chunk's size     6  two zeros
//    8  id of the key, 16 bytes    24  salt, 32 bytes
//   56  nonce prefix, 7 bytes      63  zero      64  HMAC-SHA256 of bytes 0–63 by the MAC key
// chunks: AES-256-GCM of 1 MiB (the last one: the rest), each with its tag of 16 bytes behind it;
//    nonce = prefix ‖ counter, 4 bytes, big-endian, from 0 ‖ 1 for the last chunk, else 0
//    additional data = the header
// file key ‖ MAC key = HKDF-SHA256(key, salt, "quayside backup v1", 64 bytes)

/** A key of a destination. */
export interface BackupKey {
  /** UUID; stands in manifests and in each encrypted object. */
  id: string
  /** 32 bytes. */
  bytes: Uint8Array
}

export const headerBytes = 96
export const tagBytes = 16
export const saltBytes = 32
export const prefixBytes = 7
const log2Chunk = 20
/** Plain bytes of every chunk but the last. */
export const chunkBytes = 2 ** log2Chunk

const magic = Buffer.from('QSBK', 'ascii')
const version = 1
const macAt = 64

/** What a header says before a key is known. */
export interface CipherHeader {
  /** All 96 bytes. */
  bytes: Buffer
  keyId: string
  salt: Buffer
  prefix: Buffer
  chunkBytes: number
}

/** The keys of one object, from the destination's key and the object's salt. */
export function objectKeys(key: Uint8Array, salt: Uint8Array): { file: Buffer; mac: Buffer } {
  const derived = Buffer.from(hkdfSync('sha256', key, salt, 'quayside backup v1', 64))
  return { file: derived.subarray(0, 32), mac: derived.subarray(32) }
}

/** A header with its MAC. */
export function writeHeader(
  key: BackupKey,
  { salt, prefix }: { salt: Uint8Array; prefix: Uint8Array },
): Buffer {
  const header = Buffer.alloc(headerBytes)
  magic.copy(header, 0)
  header.writeUInt8(version, 4)
  header.writeUInt8(log2Chunk, 5)
  header.write(key.id.replaceAll('-', ''), 8, 'hex')
  header.set(salt, 24)
  header.set(prefix, 56)
  macOf(header, objectKeys(key.bytes, salt).mac).copy(header, macAt)
  return header
}

/** @throws QuaysideError `backup_damaged`, or `backup_newer` for a later format */
export function readHeader(bytes: Buffer): CipherHeader {
  if (bytes.length < headerBytes || !bytes.subarray(0, 4).equals(magic))
    throw damagedBackup('It does not begin as an encrypted backup does.')
  if (bytes.readUInt8(4) > version) {
    throw new QuaysideError('backup_newer', 'This backup was encrypted by a newer Quayside.', {
      hint: 'Update Quayside on this computer, then try again.',
    })
  }
  const log2 = bytes.readUInt8(5)
  const zeros = bytes.readUInt16BE(6) === 0 && bytes.readUInt8(63) === 0
  if (bytes.readUInt8(4) !== version || log2 !== log2Chunk || !zeros)
    throw damagedBackup('Its head is not as any Quayside writes it.')
  const id = bytes.toString('hex', 8, 24)
  return {
    bytes,
    keyId: id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5'),
    salt: bytes.subarray(24, 56),
    prefix: bytes.subarray(56, 63),
    chunkBytes: 2 ** log2,
  }
}

/** Whether the header was written with this MAC key: a wrong key is found before anything is read. */
export function headerFits(header: CipherHeader, mac: Buffer): boolean {
  return timingSafeEqual(macOf(header.bytes, mac), header.bytes.subarray(macAt))
}

/** The error for a key that did not write this header. */
export function wrongKey(keyId: string): QuaysideError {
  return new QuaysideError('backup_key_wrong', 'The key doesn’t open this backup.', {
    hint: 'Enter the recovery key of the installation that made it. If that is right, the head of the file is damaged: use another copy.',
    detail: `key ${keyId}`,
  })
}

/** The nonce of a chunk. */
export function nonceOf(prefix: Uint8Array, counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.set(prefix)
  nonce.writeUInt32BE(counter, prefixBytes)
  nonce.writeUInt8(last ? 1 : 0, 11)
  return nonce
}

/** The error for stored bytes that are not what was written. */
export function damagedBackup(detail: string): QuaysideError {
  return new QuaysideError('backup_damaged', 'The backup is damaged: it isn’t what was stored.', {
    hint: 'Use another copy or another backup.',
    detail,
  })
}

function macOf(header: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key).update(header.subarray(0, macAt)).digest()
}

import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import { sealedText, type BackupManifest } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { BackupKey } from './stream/cipher-format.ts'

/** The manifest with its seal: who can't read the backup can't have changed what is said of it. */
export function sealManifest(manifest: BackupManifest, key: BackupKey): BackupManifest {
  return { ...manifest, seal: sealOf(manifest, key.bytes).toString('hex') }
}

/** @throws QuaysideError `backup_damaged` where the seal is missing or does not fit */
export function checkSeal(manifest: BackupManifest, key: BackupKey): void {
  const given = Buffer.from(manifest.seal ?? '', 'hex')
  const right = sealOf(manifest, key.bytes)
  if (given.length === right.length && timingSafeEqual(given, right)) return
  throw new QuaysideError('backup_damaged', 'The backup’s manifest has been changed.', {
    hint: 'Use another copy or another backup.',
    detail: `the seal by key ${key.id} ${given.length === 0 ? 'is missing' : 'does not fit'}`,
  })
}

function sealOf(manifest: BackupManifest, key: Uint8Array): Buffer {
  const info = 'quayside manifest seal v1'
  const derived = Buffer.from(hkdfSync('sha256', key, new Uint8Array(0), info, 32))
  return createHmac('sha256', derived).update(sealedText(manifest)).digest()
}

import type { Duplex } from 'node:stream'
import type { Codec } from '../../../shared/backup-manifest.ts'

/** Compresses and decompresses streams in constant memory. */
export interface Codecs {
  /** Whether this computer can compress so. It can decompress all of them. */
  available(codec: Codec): Promise<boolean>
  /** @throws QuaysideError `backup_failed` where it isn't available */
  compress(codec: Codec): Duplex
  /**
   * Fails with QuaysideError `backup_damaged` on a cut, a changed byte or anything behind the end; a
   * hash behind it must find what a codec cannot see.
   */
  decompress(codec: Codec): Duplex
}

import type { Duplex, Writable } from 'node:stream'
import type { Codec } from '../../../shared/backup-manifest.ts'

/** What passed by. */
export interface Digest {
  bytes: number
  /** In hex. */
  sha256: string
}

/** A sink that knows what it was given once it has finished. */
export interface DigestSink {
  readonly sink: Writable
  /** @throws Error before it has finished: a digest of a part is no digest. */
  result(): Digest
}

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
  /** Counts and hashes what compressed bytes hold, and keeps nothing of it; fails as `decompress`. */
  digest(codec: Codec): DigestSink
}

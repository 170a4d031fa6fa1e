import { PassThrough, type Duplex } from 'node:stream'
import zlib from 'node:zlib'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Codecs } from '../../domain/ports.ts'
import { digestSink } from './digest-sink.ts'
import { lz4Available, lz4Compress, lz4Decompress } from './lz4.ts'
import { scriptZstdDecompress } from './script-zstd.ts'
import { oneFrame, wholeStream } from './whole-stream.ts'

/** Fewer, larger pieces than by default: each costs a turn of the event loop. */
const chunkSize = 256 * 1024
/**
 * Of what a decompressor makes, one piece waits: it works in a thread of its own, which goes on while this
 * one hashes. Where more wait, they are copied into one.
 */
const expanding = { chunkSize, readableHighWaterMark: chunkSize }

interface Maker {
  /** See `digestSink`. */
  native: boolean
  compress(): Duplex
  decompress(): Duplex
}

/** The codecs of this computer. Node has zstd since 22.15; the Electron may be older. */
export function createCodecs({ nativeZstd = 'createZstdCompress' in zlib } = {}): Codecs {
  const zstdCompress = (): Duplex => {
    if (!nativeZstd) {
      throw new QuaysideError('backup_failed', 'This computer can’t compress with zstd.', {
        hint: 'Choose gzip or lz4.',
      })
    }
    const { ZSTD_c_checksumFlag: checksum, ZSTD_c_compressionLevel: level } = zlib.constants
    // Without the flag zstd carries no checksum of what it holds. Dumps become no smaller by a higher level.
    const params = { [checksum]: 1, [level]: 1 }
    return oneFrame(zlib.createZstdCompress({ chunkSize, params }))
  }
  const makers: Readonly<Record<Codec, Maker>> = {
    none: {
      native: false,
      compress: () => new PassThrough(),
      decompress: () => new PassThrough(),
    },
    gzip: {
      native: true,
      compress: () => zlib.createGzip({ chunkSize }),
      decompress: () => wholeStream('gzip', () => zlib.createGunzip(expanding)),
    },
    zstd: {
      native: nativeZstd,
      compress: zstdCompress,
      decompress: () =>
        nativeZstd
          ? wholeStream('zstd', () => zlib.createZstdDecompress(expanding))
          : scriptZstdDecompress(),
    },
    lz4: { native: false, compress: lz4Compress, decompress: lz4Decompress },
  }
  return {
    async available(codec) {
      if (codec === 'zstd') return nativeZstd
      return codec === 'lz4' ? lz4Available() : true
    },
    compress: (codec) => makers[codec].compress(),
    decompress: (codec) => makers[codec].decompress(),
    digest: (codec) => digestSink(makers[codec].decompress(), makers[codec].native),
  }
}

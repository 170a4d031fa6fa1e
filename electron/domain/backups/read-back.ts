import { pipeline } from 'node:stream/promises'
import type { Duplex, Readable } from 'node:stream'
import type { Destination } from '../../destinations/destination.ts'
import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock, Codecs, Digest } from '../ports.ts'
import { stallMs } from './backup-job.ts'
import { decrypt, type FindKey } from './stream/decrypt.ts'
import { digest } from './stream/digest.ts'
import { gate } from './stream/gate.ts'
import { meter, type Flow } from './stream/meter.ts'
import { runPipeline } from './stream/run-pipeline.ts'
import { namesOf } from './view-backup.ts'

export interface ReadBackDeps {
  clock: Clock
  codecs: Codecs
  findKey: FindKey
}

export interface ReadBackOptions {
  signal: AbortSignal
  /** Stored bytes. */
  onFlow?: ((flow: Flow) => void) | undefined
}

/**
 * Reads a copy to its end: as it is stored, decrypted, decompressed; and compares each with the
 * manifest. Resolves only if all is as it was written.
 * @throws QuaysideError `backup_damaged`, `backup_key_missing`, `backup_key_wrong`, `not_found`,
 * what the destination failed with
 */
export async function readBack(
  deps: ReadBackDeps,
  destination: Destination,
  manifest: BackupManifest,
  options: ReadBackOptions,
): Promise<void> {
  const plain = deps.codecs.digest(manifest.dump.codec)
  await withCompressed(deps, destination, manifest, options, {
    name: 'the check',
    stages: [],
    take: (content, signal) => pipeline(content, plain.sink, { signal }),
  })
  expectSame('the dump', plain.result(), {
    bytes: manifest.dump.plainBytes,
    sha256: manifest.dump.plainSha256,
  })
  await readRoles(deps, destination, manifest, options.signal)
}

/** What reads a copy on, after it was decrypted and compared. */
export interface CompressedSink<T> {
  name: string
  stages: readonly { name: string; stream: Duplex }[]
  /** As of a pipeline's sink. */
  patienceMs?: number | undefined
  take(content: Readable, signal: AbortSignal): Promise<T>
}

/** Gives a copy's compressed dump on. Its end comes only after stored and compressed bytes agreed. */
export async function withCompressed<T>(
  deps: ReadBackDeps,
  destination: Destination,
  manifest: BackupManifest,
  { signal, onFlow = () => undefined }: ReadBackOptions,
  sink: CompressedSink<T>,
): Promise<T> {
  const { object, dump } = manifest
  const stored = digest()
  const compressed = digest()
  const content = await destination.get(namesOf(manifest).dump, { signal })
  return runPipeline({
    source: { name: 'the destination', stream: content },
    stages: [
      { name: 'the destination', stream: meter(deps.clock, onFlow) },
      { name: 'the destination', stream: stored.stage },
      ...(object.encryption === null
        ? []
        : [{ name: 'the decryption', stream: decrypt(deps.findKey) }]),
      { name: 'the check', stream: compressed.stage },
      {
        name: 'the check',
        stream: gate(() => {
          expectSame('what is stored', stored.result(), object)
          expectSame('the compressed dump', compressed.result(), {
            bytes: dump.compressedBytes,
            sha256: dump.compressedSha256,
          })
          return Promise.resolve()
        }),
      },
      ...sink.stages,
    ],
    sink,
    signal,
    clock: deps.clock,
    stallMs,
    code: 'backup_damaged',
  })
}

/** More than the roles of any server, bytes. */
const longestRoles = 64 * 2 ** 20

/** The text of the roles that lie beside the dump, compared with the manifest; null where none do. */
export async function readRoles(
  deps: ReadBackDeps,
  destination: Destination,
  manifest: BackupManifest,
  signal: AbortSignal,
): Promise<string | null> {
  const [companion] = manifest.companions
  if (companion === undefined) return null
  const stored = digest()
  const pieces: Buffer[] = []
  let bytes = 0
  await runPipeline({
    source: {
      name: 'the destination',
      stream: await destination.get(namesOf(manifest).roles, { signal }),
    },
    stages: [
      { name: 'the destination', stream: stored.stage },
      ...(manifest.object.encryption === null
        ? []
        : [{ name: 'the decryption', stream: decrypt(deps.findKey) }]),
    ],
    sink: {
      name: 'the check',
      take: async (content) => {
        for await (const piece of content) {
          const chunk = Buffer.from(piece as Uint8Array)
          bytes += chunk.length
          if (bytes > longestRoles) throw differs(`${companion.name} is far too long`)
          pieces.push(chunk)
        }
      },
    },
    signal,
    clock: deps.clock,
    stallMs,
    code: 'backup_damaged',
  })
  expectSame(companion.name, stored.result(), companion)
  return Buffer.concat(pieces).toString('utf8')
}

function expectSame(what: string, is: Digest, was: Digest): void {
  if (is.bytes === was.bytes && is.sha256 === was.sha256) return
  throw differs(`${what}: ${is.bytes} bytes, ${is.sha256}; expected ${was.bytes}, ${was.sha256}`)
}

function differs(detail: string): QuaysideError {
  return new QuaysideError('backup_damaged', 'This copy is not what was stored.', {
    hint: 'Restore from another copy or another backup, and make a new one soon.',
    detail,
  })
}

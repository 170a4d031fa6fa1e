import { finished } from 'node:stream/promises'
import { pipeline, Transform, type Readable } from 'node:stream'
import * as z from 'zod'
import type { Engine } from '../../engines/engine.ts'
import { codecSchema, type Codec } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { stallMs } from './backup-job.ts'
import type { TransferDeps } from './export-file.ts'
import { digest } from './stream/digest.ts'
import { meter, type Flow } from './stream/meter.ts'
import { runPipeline } from './stream/run-pipeline.ts'

const digestSchema = z.object({ bytes: z.number(), sha256: z.string() })

/** What a file to import is, by what is in it. */
export const fileFactsSchema = z.object({
  codec: codecSchema,
  format: z.enum(['custom', 'statements']),
  stored: digestSchema,
  plain: digestSchema,
})
export type FileFacts = z.infer<typeof fileFactsSchema>

/** As much as tells what a file is, bytes. */
const headBytes = 512

/**
 * Reads a file to its end: how it is compressed, what is in it, and its digests, so that it can be told
 * on the host whether all of it has come.
 * @throws QuaysideError `invalid_input` for what can't be imported, `backup_damaged` where it is cut
 */
export async function lookAtFile(
  deps: Pick<TransferDeps, 'files' | 'codecs' | 'clock'>,
  engine: Engine,
  path: string,
  { signal, onFlow }: { signal: AbortSignal; onFlow: (flow: Flow) => void },
): Promise<FileFacts> {
  const codec = await codecOf(deps, path)
  const stored = digest()
  const plain = digest()
  const head = keepHead()
  await runPipeline({
    source: { name: 'the file', stream: deps.files.read(path) },
    stages: [
      { name: 'the file', stream: meter(deps.clock, onFlow) },
      { name: 'the file', stream: stored.stage },
      { name: 'the decompression', stream: deps.codecs.decompress(codec) },
      { name: 'the check', stream: head.stage },
      { name: 'the check', stream: plain.stage },
    ],
    sink: {
      name: 'the check',
      take: async (content) => {
        content.resume()
        await finished(content)
      },
    },
    signal,
    clock: deps.clock,
    stallMs,
    code: 'backup_damaged',
  })
  const format = formatOf(engine, head.bytes())
  return { codec, format, stored: stored.result(), plain: plain.result() }
}

/** What a file is by its beginning; whether all of it is there only `lookAtFile` finds out. */
export interface FilePeek {
  codec: Codec
  format: FileFacts['format']
  /** As it lies there. */
  bytes: number
}

/** Looks at a file's beginning; throws as `lookAtFile`. */
export async function peekAtFile(
  { files, codecs }: Pick<TransferDeps, 'files' | 'codecs'>,
  engine: Engine,
  path: string,
): Promise<FilePeek> {
  const bytes = await files.size(path)
  const codec = await codecOf({ files }, path)
  // What it fails with, its reader is told.
  const plain = pipeline(files.read(path), codecs.decompress(codec), () => undefined)
  const head = await start(plain, headBytes)
  return { codec, format: formatOf(engine, head), bytes }
}

/** In words: “A dump in custom format, compressed by gzip, 3.2 MB”. */
export function describeFile({ codec, format, bytes }: FilePeek): string {
  const kind = format === 'custom' ? 'A dump in custom format' : 'SQL statements'
  const packed = codec === 'none' ? '' : `, compressed by ${codec}`
  return `${kind}${packed}, ${formatBytes(bytes)}`
}

function formatOf(engine: Engine, head: Uint8Array): FileFacts['format'] {
  const format = engine.backup.formatOf(head)
  if (format !== null) return format
  throw new QuaysideError('invalid_input', 'This file is no dump that can be imported.', {
    hint: `${engine.info.label} takes its custom format and plain SQL, as they are or compressed by gzip, zstd or lz4.`,
    field: 'path',
  })
}

/** The longest mark, bytes. */
const markBytes = 4

const marks: readonly (readonly [Codec, Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18])],
]

/** By its first bytes: names lie. */
async function codecOf({ files }: Pick<TransferDeps, 'files'>, path: string): Promise<Codec> {
  await files.size(path)
  const found = await start(files.read(path), markBytes)
  return marks.find(([, mark]) => found.subarray(0, mark.length).equals(mark))?.[0] ?? 'none'
}

/** At least so many bytes, or all there are; then the stream is closed. */
async function start(content: Readable, bytes: number): Promise<Buffer> {
  let found = Buffer.alloc(0)
  // Leaving the loop closes it.
  for await (const piece of content) {
    found = Buffer.concat([found, z.instanceof(Uint8Array).parse(piece)])
    if (found.length >= bytes) break
  }
  return found
}

function keepHead(): { stage: Transform; bytes(): Uint8Array } {
  let head = Buffer.alloc(0)
  return {
    stage: new Transform({
      transform(chunk: Buffer, _encoding, next) {
        if (head.length < headBytes) {
          head = Buffer.concat([head, chunk.subarray(0, headBytes - head.length)])
        }
        next(null, chunk)
      },
    }),
    bytes: () => head,
  }
}

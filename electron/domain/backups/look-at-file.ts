import { finished } from 'node:stream/promises'
import { Transform } from 'node:stream'
import * as z from 'zod'
import type { Engine } from '../../engines/engine.ts'
import { codecSchema, type Codec } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
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
  const format = engine.backup.formatOf(head.bytes())
  if (format === null) {
    throw new QuaysideError('invalid_input', 'This file is no dump that can be imported.', {
      hint: `${engine.info.label} takes its custom format and plain SQL, as they are or compressed by gzip, zstd or lz4.`,
      field: 'path',
    })
  }
  return { codec, format, stored: stored.result(), plain: plain.result() }
}

const marks: readonly (readonly [Codec, Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['lz4', Buffer.from([0x04, 0x22, 0x4d, 0x18])],
]

/** By its first bytes: names lie. */
async function codecOf({ files }: Pick<TransferDeps, 'files'>, path: string): Promise<Codec> {
  await files.size(path)
  let start = Buffer.alloc(0)
  const content = files.read(path)
  try {
    for await (const piece of content) {
      start = Buffer.concat([start, Buffer.from(piece as Uint8Array)])
      if (start.length >= 4) break
    }
  } finally {
    content.destroy()
  }
  return marks.find(([, mark]) => start.subarray(0, mark.length).equals(mark))?.[0] ?? 'none'
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

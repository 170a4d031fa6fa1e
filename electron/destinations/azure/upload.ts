import { createHash, randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { BlockBlobClient } from '@azure/storage-blob'
import { QuaysideError } from '../../../shared/errors.ts'
import { partsOf, type Part, type PartSize } from '../destination.ts'
import { dropBlocks } from './uncommitted.ts'

export interface UploadOptions {
  exclusive: boolean
  partSize: PartSize
  mostParts: number
  signal: AbortSignal
}

/** What clearing up after a failure may take, milliseconds. */
const clearingMs = 15_000
/** How long a block that is on its way when all is given up may still arrive, milliseconds. */
const arrivalMs = 500
/** Carried by the blob: tells ours from one that another put has made. */
const mark = 'quaysideput'

/** Stores content as blocks that become a blob all at once; until then nothing is to be seen of it. */
export async function upload(
  blob: BlockBlobClient,
  content: Readable,
  { exclusive, partSize, mostParts, signal }: UploadOptions,
): Promise<{ bytes: number }> {
  const put = randomUUID()
  const shared = {
    abortSignal: signal,
    metadata: { [mark]: put },
    ...(exclusive && { conditions: { ifNoneMatch: '*' } }),
  }
  const blocks: string[] = []
  // A block that is broken off may be stored after the others were dropped: it is let arrive first.
  const arrival = later(signal, arrivalMs)
  let bytes = 0
  const stage = async (part: Part): Promise<void> => {
    if (part.number > mostParts) throw tooLarge()
    const id = Buffer.from(`${put}-${String(part.number).padStart(6, '0')}`).toString('base64')
    await blob.stageBlock(id, part.bytes, part.bytes.length, {
      abortSignal: arrival,
      transactionalContentMD5: md5Of(part.bytes),
    })
    blocks.push(id)
    signal.throwIfAborted()
  }
  try {
    for await (const part of partsOf(content, partSize)) {
      bytes += part.bytes.length
      if (part.number > 1 || !part.last) {
        await stage(part)
        continue
      }
      const answer = { put, bytes }
      await settled(blob, answer, signal, () =>
        blob.upload(part.bytes, bytes, {
          ...shared,
          blobHTTPHeaders: { blobContentMD5: md5Of(part.bytes) },
        }),
      )
      return { bytes }
    }
    await settled(blob, { put, bytes }, signal, () => blob.commitBlockList(blocks, shared))
    return { bytes }
  } catch (thrown) {
    // Where nobody answers, Azure drops them after a week; the failure that led here says more.
    if (blocks.length > 0)
      await dropBlocks(blob, AbortSignal.timeout(clearingMs)).catch(() => undefined)
    throw thrown
  } finally {
    content.destroy()
  }
}

/**
 * Runs the request that makes the blob. Where it fails its answer may have been lost, and a repeated
 * request meets the blob it has made itself: ours and whole, all is well; ours and not whole, it goes.
 */
async function settled(
  blob: BlockBlobClient,
  { put, bytes }: { put: string; bytes: number },
  signal: AbortSignal,
  request: () => Promise<unknown>,
): Promise<void> {
  try {
    await request()
  } catch (thrown) {
    const abortSignal = AbortSignal.timeout(clearingMs)
    let found
    try {
      found = await blob.getProperties({ abortSignal })
    } catch {
      // Whoever gives no answer now has given none before: what it failed with is what counts.
      throw thrown
    }
    if (found.metadata?.[mark] !== put) throw thrown
    if (found.contentLength === bytes && !signal.aborted) return
    await blob.delete({ abortSignal })
    throw thrown
  }
}

/** Aborts that much after another, milliseconds. */
function later(signal: AbortSignal, ms: number): AbortSignal {
  const own = new AbortController()
  const follow = (): void => void setTimeout(() => own.abort(signal.reason), ms).unref()
  signal.addEventListener('abort', follow, { once: true })
  return own.signal
}

function md5Of(bytes: Buffer): Uint8Array {
  return createHash('md5').update(bytes).digest()
}

function tooLarge(): QuaysideError {
  return new QuaysideError(
    'destination_failed',
    'The backup is larger than was expected, and than one object can be that is sent in parts.',
    { hint: 'Use a destination that has no such limit: a folder of this computer or of a host.' },
  )
}

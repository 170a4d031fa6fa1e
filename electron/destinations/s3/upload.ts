import { createHash, randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import { partsOf, type Part } from '../destination.ts'
import type { Connection } from './client.ts'
import type { PartPlan } from './part-plan.ts'
import { readSdkError } from './s3-error.ts'

export interface UploadOptions extends PartPlan {
  bucket: string
  key: string
  exclusive: boolean
  signal: AbortSignal
}

/** How many parts are on their way at once, of those that are no larger than usual. */
const atOnce = 2
/** What clearing up after a failure may take, milliseconds. */
const clearingMs = 15_000
/** What is waited for the beginning of an upload that was cancelled amid it, milliseconds. */
const lateMs = 1_000
/** Carried by the object: tells ours from one that another put has made. */
const mark = 'quayside-put'

/**
 * Stores content under a key: in one request where it fits into a part, else as a multipart upload of
 * parts that are held whole, so that each can be sent again by itself.
 */
export async function upload(
  connection: Connection,
  content: Readable,
  options: UploadOptions,
): Promise<{ bytes: number }> {
  const parts = partsOf(content, options.partSize)
  try {
    const first = await parts.next()
    if (first.done === true) throw new Error('content has no last part')
    const run = first.value.last ? putWhole : putParts
    const pieces = { first: first.value, rest: parts, put: randomUUID() }
    return await run(connection, { ...pieces, drop: () => content.destroy() }, options)
  } finally {
    content.destroy()
  }
}

interface Pieces {
  first: Part
  rest: AsyncGenerator<Part>
  /** The value of the mark. */
  put: string
  /** Wants no more of the content, and waits for none. */
  drop(): void
}

async function putWhole(
  connection: Connection,
  { first: { bytes }, put }: Pieces,
  options: UploadOptions,
): Promise<{ bytes: number }> {
  const { sdk, client } = connection
  const md5 = createHash('md5').update(bytes).digest()
  try {
    const answer = await client.send(
      new sdk.PutObjectCommand({
        Bucket: options.bucket,
        Key: options.key,
        Body: bytes,
        ContentLength: bytes.length,
        ContentMD5: md5.toString('base64'),
        ContentType: 'application/octet-stream',
        Metadata: { [mark]: put },
        ...(options.exclusive && { IfNoneMatch: '*' }),
      }),
      { abortSignal: options.signal },
    )
    compareTag(answer, md5)
  } catch (thrown) {
    await settle(connection, { put, bytes: bytes.length, thrown }, options)
  }
  return { bytes: bytes.length }
}

async function putParts(
  connection: Connection,
  { first, rest, put, drop }: Pieces,
  options: UploadOptions,
): Promise<{ bytes: number }> {
  const { sdk, client } = connection
  const { bucket: Bucket, key: Key, signal } = options
  const UploadId = await begin(connection, put, options)
  // One part that fails ends the others.
  const stop = new AbortController()
  stop.signal.addEventListener('abort', drop, { once: true })
  const ending = AbortSignal.any([signal, stop.signal])
  let bytes = 0
  try {
    const sent: { PartNumber: number; ETag: string }[] = []
    const send = async (part: Part): Promise<void> => {
      const md5 = createHash('md5').update(part.bytes).digest()
      const answer = await client.send(
        new sdk.UploadPartCommand({
          Bucket,
          Key,
          UploadId,
          PartNumber: part.number,
          Body: part.bytes,
          ContentLength: part.bytes.length,
          ContentMD5: md5.toString('base64'),
        }),
        { abortSignal: ending },
      )
      sent.push({ PartNumber: part.number, ETag: compareTag(answer, md5) })
    }
    bytes = await sendAll(first, rest, { send, stop, ...options })
    try {
      await client.send(
        new sdk.CompleteMultipartUploadCommand({
          Bucket,
          Key,
          UploadId,
          MultipartUpload: { Parts: sent.sort((a, b) => a.PartNumber - b.PartNumber) },
          ...(options.exclusive && { IfNoneMatch: '*' }),
        }),
        { abortSignal: signal },
      )
    } catch (thrown) {
      await settle(connection, { put, bytes, thrown }, options)
    }
    return { bytes }
  } catch (thrown) {
    stop.abort()
    await abandon(connection, { Bucket, Key, UploadId })
    throw thrown
  }
}

/**
 * Begins an upload. One that is cancelled meanwhile is waited for a little and taken back: without its
 * id nobody finds it but a sweep.
 */
async function begin(
  connection: Connection,
  put: string,
  { bucket: Bucket, key: Key, signal }: UploadOptions,
): Promise<string> {
  const { sdk, client } = connection
  const late = new AbortController()
  const giveUpSoon = (): void => {
    setTimeout(() => late.abort(signal.reason), lateMs).unref()
  }
  signal.throwIfAborted()
  signal.addEventListener('abort', giveUpSoon, { once: true })
  try {
    const { UploadId } = await client.send(
      new sdk.CreateMultipartUploadCommand({
        Bucket,
        Key,
        ContentType: 'application/octet-stream',
        Metadata: { [mark]: put },
      }),
      { abortSignal: late.signal },
    )
    if (UploadId === undefined) throw new Error('the upload has no id')
    if (signal.aborted) await abandon(connection, { Bucket, Key, UploadId })
    signal.throwIfAborted()
    return UploadId
  } finally {
    signal.removeEventListener('abort', giveUpSoon)
  }
}

/** Sends part after part, some at once; returns the bytes of all of them. */
async function sendAll(
  first: Part,
  rest: AsyncGenerator<Part>,
  options: {
    send(part: Part): Promise<void>
    stop: AbortController
    usualPart: number
    mostParts: number
  },
): Promise<number> {
  const { send, stop, usualPart, mostParts } = options
  const running = new Set<Promise<void>>()
  let failure: { thrown: unknown } | undefined
  let bytes = 0
  const start = (part: Part): void => {
    bytes += part.bytes.length
    const work = send(part)
      .catch((thrown: unknown) => {
        failure ??= { thrown }
        stop.abort()
      })
      .finally(() => running.delete(work))
    running.add(work)
  }
  try {
    start(first)
    while (failure === undefined) {
      const next = await rest.next()
      if (next.done === true) break
      if (next.value.number > mostParts) throw tooLarge()
      // Large ones one after another: they are what is in memory.
      const many = next.value.bytes.length > usualPart ? 1 : atOnce
      while (running.size >= many) await Promise.race(running)
      start(next.value)
    }
  } catch (thrown) {
    failure ??= { thrown }
    stop.abort()
  }
  await Promise.all(running)
  if (failure !== undefined) throw failure.thrown
  return bytes
}

/**
 * After a request that would have made the object and failed: the answer may have been lost on its way
 * back, and a repeated request then meets the object it has made itself. Ours and whole, all is well;
 * ours and not whole, it goes; another's is left alone.
 * @throws what the request failed with
 */
async function settle(
  { sdk, client }: Connection,
  { put, bytes, thrown }: { put: string; bytes: number; thrown: unknown },
  { bucket: Bucket, key: Key, signal }: UploadOptions,
): Promise<void> {
  const abortSignal = AbortSignal.timeout(clearingMs)
  let found
  try {
    found = await client.send(new sdk.HeadObjectCommand({ Bucket, Key }), { abortSignal })
  } catch {
    // Whoever gives no answer now has given none before: what it failed with is what counts.
    throw thrown
  }
  if (found.Metadata?.[mark] !== put) throw thrown
  const damaged = thrown instanceof QuaysideError
  if (found.ContentLength === bytes && !damaged && !signal.aborted) return
  await client.send(new sdk.DeleteObjectCommand({ Bucket, Key }), { abortSignal })
  throw thrown
}

/** Lets go of the parts of an upload that comes to nothing. */
async function abandon(
  { sdk, client }: Connection,
  upload: { Bucket: string; Key: string; UploadId: string },
): Promise<void> {
  try {
    await client.send(new sdk.AbortMultipartUploadCommand(upload), {
      abortSignal: AbortSignal.timeout(clearingMs),
    })
  } catch (thrown) {
    // Gone is what it should be. Where nobody answers, `sweep` does it later; the failure that led
    // here says more than this one.
    if (readSdkError(thrown) === null) throw thrown
  }
}

/** The tag of what was stored; where it is the MD5 of the content, the two have to agree. */
function compareTag(
  answer: { ETag?: string | undefined; ServerSideEncryption?: string | undefined },
  md5: Buffer,
): string {
  if (answer.ETag === undefined)
    throw new QuaysideError('destination_failed', 'The destination gave an incomplete answer.')
  const tag = answer.ETag.replaceAll('"', '').toLowerCase()
  // With a key of the provider's key service the tag is something else.
  const plain =
    answer.ServerSideEncryption === undefined || answer.ServerSideEncryption === 'AES256'
  if (plain && /^[0-9a-f]{32}$/.test(tag) && tag !== md5.toString('hex'))
    throw new QuaysideError(
      'destination_failed',
      'The destination stored something else than what was sent.',
      { hint: 'Try again. If it stays, choose another destination.', detail: 'checksum differs' },
    )
  return answer.ETag
}

function tooLarge(): QuaysideError {
  return new QuaysideError(
    'destination_failed',
    'The backup is larger than was expected, and than one object can be that is sent in parts.',
    { hint: 'Use a destination that has no such limit: a folder of this computer or of a host.' },
  )
}

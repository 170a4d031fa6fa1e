import { createHash, randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import { partsOf, type Part } from '../destination.ts'
import type { Api } from './api.ts'
import { readObject, type ObjectFacts } from './object-facts.ts'

export interface UploadOptions {
  bucket: string
  object: string
  exclusive: boolean
  partBytes: number
  signal: AbortSignal
}

/** What clearing up after a failure may take, milliseconds. */
const clearingMs = 15_000
/** The answer to a part that is not the last, and to an upload that was cancelled. */
const goOn = 308
const cancelled = 499
/** Carried by the object: tells ours from one that another put has made. */
const mark = 'quayside-put'

/**
 * Stores content by a resumable upload: the object comes to be with the last part. A part whose answer
 * is lost is sent again from where the destination says it is; at the end MD5 and size are compared.
 */
export async function upload(
  api: Api,
  content: Readable,
  options: UploadOptions,
): Promise<{ bytes: number }> {
  const { signal, partBytes } = options
  const put = randomUUID()
  const hash = createHash('md5')
  let session: string | undefined
  let bytes = 0
  try {
    let made: ObjectFacts | undefined
    for await (const part of partsOf(content, () => partBytes)) {
      hash.update(part.bytes)
      bytes += part.bytes.length
      session ??= await begin(api, put, options)
      made = await send(api, session, part, signal)
    }
    const md5 = hash.digest('base64')
    if (made === undefined) throw incomplete()
    if (made.size === bytes && (made.md5Hash ?? md5) === md5) return { bytes }
    await drop(api, made, options)
    throw differs()
  } catch (thrown) {
    content.destroy()
    if (session !== undefined) {
      await abandon(api, session)
      await dropOurs(api, put, options)
    }
    throw thrown
  }
}

async function begin(api: Api, put: string, options: UploadOptions): Promise<string> {
  const query = new URLSearchParams({
    uploadType: 'resumable',
    name: options.object,
    ...(options.exclusive && { ifGenerationMatch: '0' }),
  })
  const answer = await api.call({
    method: 'POST',
    url: `/upload/storage/v1/b/${encodeURIComponent(options.bucket)}/o?${query.toString()}`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ contentType: 'application/octet-stream', metadata: { [mark]: put } }),
    signal: options.signal,
  })
  await answer.body?.cancel()
  const session = answer.headers.get('location')
  if (session === null) throw incomplete()
  return session
}

/** Sends a part; returns the object once it is made. */
async function send(
  api: Api,
  session: string,
  { from, bytes, last }: Part,
  signal: AbortSignal,
): Promise<ObjectFacts | undefined> {
  const end = from + bytes.length
  const total = last ? String(end) : '*'
  let at = from
  for (;;) {
    const range = at === end ? `bytes */${total}` : `bytes ${at}-${end - 1}/${total}`
    const answer = await api
      .call({
        method: 'PUT',
        url: session,
        headers: { 'content-range': range },
        body: bytes.subarray(at - from),
        signal,
        also: [goOn],
      })
      .catch((thrown: unknown) => {
        throw sessionLost(thrown)
      })
    if (answer.status !== goOn) return readObject(answer)
    await answer.body?.cancel()
    const held = /^bytes=0-(\d+)$/.exec(answer.headers.get('range') ?? '')?.[1]
    const next = held === undefined ? 0 : Number(held) + 1
    if (next === end && !last) return undefined
    // Less than before, more than was sent, or nothing new: it is not what was asked for.
    if (next <= at || next > end || (last && next === end)) throw incomplete()
    at = next
  }
}

async function abandon(api: Api, session: string): Promise<void> {
  const signal = AbortSignal.timeout(clearingMs)
  const request = { method: 'DELETE', url: session, signal, also: [cancelled, 404, 410] } as const
  // Where nobody answers, Google drops it after a week; the failure that led here says more.
  const answer = await api.call(request).catch(() => null)
  await answer?.body?.cancel()
}

/** The answer to the last part may have been lost: the object is there, and whoever asked was told no. */
async function dropOurs(api: Api, put: string, options: UploadOptions): Promise<void> {
  const signal = AbortSignal.timeout(clearingMs)
  const found = await api
    .call({ method: 'GET', url: pathOf(options), signal })
    .then(readObject)
    .catch(() => null)
  if (found?.metadata?.[mark] === put) await drop(api, found, options)
}

async function drop(api: Api, { generation }: ObjectFacts, options: UploadOptions): Promise<void> {
  const answer = await api.call({
    method: 'DELETE',
    url: `${pathOf(options)}?generation=${generation}`,
    signal: AbortSignal.timeout(clearingMs),
    also: [404],
  })
  await answer.body?.cancel()
}

function pathOf({ bucket, object }: UploadOptions): string {
  return `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(object)}`
}

/** To an upload, “not found” says that the destination has given it up, and nothing of any object. */
function sessionLost(thrown: unknown): unknown {
  if (!(thrown instanceof QuaysideError) || thrown.code !== 'not_found') return thrown
  return new QuaysideError(
    'destination_failed',
    'The destination gave the upload up before it was complete.',
    { hint: 'Try again.', detail: thrown.detail },
  )
}

function incomplete(): QuaysideError {
  return new QuaysideError('destination_failed', 'The destination gave an incomplete answer.', {
    hint: 'Try again.',
  })
}

function differs(): QuaysideError {
  return new QuaysideError(
    'destination_failed',
    'The destination stored something else than what was sent; it was removed.',
    { hint: 'Try again. If it stays, choose another destination.', detail: 'checksum differs' },
  )
}

import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DestinationContext, DestinationDriver } from '../destination.ts'
import { createApi, type Account } from './api.ts'
import { readObject, readPage, type ObjectFacts } from './object-facts.ts'
import { upload } from './upload.ts'

/** A multiple of 256 KiB, as the protocol wants it. There is no limit to how many there are. */
const usualPart = 16 * 1024 * 1024
const usualPage = 1000

/** Objects of a bucket, below a folder of it. */
export function createBucketDriver(
  { bucket, folder, endpoint }: { bucket: string; folder: string; endpoint: string },
  account: Account,
  { sizes }: DestinationContext,
): DestinationDriver {
  const api = createApi(bucket, endpoint, account)
  const root = folder === '' ? '' : `${folder}/`
  const objects = `/storage/v1/b/${encodeURIComponent(bucket)}/o`
  const pathOf = (name: string): string => `${objects}/${encodeURIComponent(root + name)}`
  const factsOf = async (name: string, signal: AbortSignal): Promise<ObjectFacts | null> => {
    try {
      return await readObject(await api.call({ method: 'GET', url: pathOf(name), signal }))
    } catch (thrown) {
      if (thrown instanceof QuaysideError && thrown.code === 'not_found') return null
      throw thrown
    }
  }

  return {
    put: (name, content, { signal, exclusive }) =>
      upload(api, content, {
        bucket,
        object: root + name,
        exclusive,
        partBytes: sizes?.part ?? usualPart,
        signal,
      }),

    async get(name, { signal, from = 0 }) {
      const facts = await factsOf(name, signal)
      if (facts === null)
        throw new QuaysideError('not_found', 'The destination has no such object.', {
          detail: name,
        })
      // A range behind the last byte is refused by the protocol.
      if (from >= facts.size) return { content: Readable.from([], { objectMode: false }), bytes: 0 }
      const answer = await api.call({
        method: 'GET',
        // What is replaced in between is another generation.
        url: `${pathOf(name)}?alt=media&generation=${facts.generation}`,
        headers: from > 0 ? { range: `bytes=${from}-` } : {},
        signal,
      })
      if (answer.body === null) throw new Error('the answer has no content')
      const length = answer.headers.get('content-length')
      return {
        content: Readable.fromWeb(answer.body as ReadableStream),
        bytes: length === null ? facts.size - from : Number(length),
      }
    },

    async stat(name, { signal }) {
      const facts = await factsOf(name, signal)
      return facts && { bytes: facts.size, modifiedAt: Date.parse(facts.updated) }
    },

    async *list(prefix, { signal }) {
      let token: string | undefined
      do {
        const query = new URLSearchParams({
          prefix: root + prefix,
          maxResults: String(sizes?.page ?? usualPage),
          ...(token !== undefined && { pageToken: token }),
        })
        const url = `${objects}?${query.toString()}`
        const page = await readPage(await api.call({ method: 'GET', url, signal }))
        for (const { name, size, updated } of page.items)
          yield { name: name.slice(root.length), bytes: size, modifiedAt: Date.parse(updated) }
        token = page.nextPageToken
      } while (token !== undefined)
    },

    async remove(name, { signal }) {
      const answer = await api
        .call({ method: 'DELETE', url: pathOf(name), signal })
        .catch((thrown: unknown) => {
          if (thrown instanceof QuaysideError && thrown.code === 'not_found') return null
          throw thrown
        })
      await answer?.body?.cancel()
    },

    // Uploads that were not completed are no objects, nobody can list them, and Google drops them after a
    // week.
    sweep: () => Promise.resolve(0),
    close: () => Promise.resolve(),
  }
}

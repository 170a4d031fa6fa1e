import { Readable } from 'node:stream'
import type { ContainerClient } from '@azure/storage-blob'
import { QuaysideError } from '../../../shared/errors.ts'
import { partSizes, type DestinationContext, type DestinationDriver } from '../destination.ts'
import { azureError, readRestError } from './azure-error.ts'
import { createContainer, type ContainerOptions } from './container.ts'
import { dropUncommitted } from './uncommitted.ts'
import { upload } from './upload.ts'

/** With 50 000 blocks, the protocol's limit, 625 GiB in ones that are all alike, and more in ones that grow. */
const usualBlock = 16 * 1024 * 1024
const mostBlocks = 50_000
const usualPage = 1000

type Config = Pick<ContainerOptions, 'account' | 'container' | 'endpoint'> & { folder: string }

/** Blobs of a container, below a folder of it. */
export function createContainerDriver(
  config: Config,
  { credential }: { credential: string },
  { sizes }: DestinationContext,
): DestinationDriver {
  const connect = createContainer({ ...config, credential })
  const root = config.folder === '' ? '' : `${config.folder}/`
  const partsFor = (expectedBytes: number | undefined) => {
    const [usual, most] = [sizes?.part ?? usualBlock, sizes?.parts ?? mostBlocks]
    return { partSize: partSizes(expectedBytes, { usual, most }), mostParts: most }
  }
  const within = async <T>(work: (container: ContainerClient) => Promise<T>): Promise<T> => {
    try {
      return await work(await connect())
    } catch (thrown) {
      throw azureError(thrown, config.container)
    }
  }

  return {
    put: (name, content, { signal, exclusive, expectedBytes }) =>
      within((container) =>
        upload(container.getBlockBlobClient(root + name), content, {
          exclusive,
          ...partsFor(expectedBytes),
          signal,
        }),
      ),

    get: (name, { signal, from = 0 }) =>
      within(async (container) => {
        const blob = container.getBlockBlobClient(root + name)
        try {
          const { contentLength: size = 0, etag } = await blob.getProperties({
            abortSignal: signal,
          })
          // A range behind the last byte is refused by the protocol.
          if (from >= size) return { content: Readable.from([], { objectMode: false }), bytes: 0 }
          const answer = await blob.download(from, undefined, {
            abortSignal: signal,
            maxRetryRequests: 2,
            // What is replaced in between is another blob.
            ...(etag !== undefined && { conditions: { ifMatch: etag } }),
          })
          if (!(answer.readableStreamBody instanceof Readable))
            throw new Error('the answer has no content')
          return { content: answer.readableStreamBody, bytes: answer.contentLength ?? -1 }
        } catch (thrown) {
          if (isMissing(thrown))
            throw new QuaysideError('not_found', 'The destination has no such object.', {
              detail: name,
            })
          throw thrown
        }
      }),

    stat: (name, { signal }) =>
      within(async (container) => {
        try {
          const blob = container.getBlockBlobClient(root + name)
          const { contentLength, lastModified } = await blob.getProperties({ abortSignal: signal })
          if (contentLength === undefined || lastModified === undefined) throw incomplete()
          return { bytes: contentLength, modifiedAt: lastModified.getTime() }
        } catch (thrown) {
          if (isMissing(thrown)) return null
          throw thrown
        }
      }),

    async *list(prefix, { signal }) {
      try {
        const container = await connect()
        const pages = container
          .listBlobsFlat({ prefix: root + prefix, abortSignal: signal })
          .byPage({ maxPageSize: sizes?.page ?? usualPage })
        for await (const page of pages)
          for (const { name, properties } of page.segment.blobItems) {
            if (properties.contentLength === undefined) throw incomplete()
            yield {
              name: name.slice(root.length),
              bytes: properties.contentLength,
              modifiedAt: properties.lastModified.getTime(),
            }
          }
      } catch (thrown) {
        throw azureError(thrown, config.container)
      }
    },

    remove: (name, { signal }) =>
      within(async (container) => {
        try {
          await container.getBlockBlobClient(root + name).delete({
            abortSignal: signal,
            deleteSnapshots: 'include',
          })
        } catch (thrown) {
          if (!isMissing(thrown)) throw thrown
        }
      }),

    // Blocks that were never committed are no object, and Azure drops them after a week.
    sweep: ({ signal, olderThanMs, prefix = '' }) =>
      olderThanMs > 0
        ? Promise.resolve(0)
        : within((container) => dropUncommitted(container, root + prefix, signal)),
    close: () => Promise.resolve(),
  }
}

/** Without a body (an answer to HEAD) the SDK has the status alone. */
function isMissing(thrown: unknown): boolean {
  const error = readRestError(thrown)
  return error?.statusCode === 404 && error.code !== 'ContainerNotFound'
}

function incomplete(): QuaysideError {
  return new QuaysideError('destination_failed', 'The destination gave an incomplete answer.')
}

import { Readable } from 'node:stream'
import { QuaysideError } from '../../../shared/errors.ts'
import type { DestinationContext, DestinationDriver } from '../destination.ts'
import { createConnection, type ClientOptions, type Connection } from './client.ts'
import { planParts } from './part-plan.ts'
import { readSdkError, s3Error } from './s3-error.ts'
import { sweepUploads } from './sweep.ts'
import { upload } from './upload.ts'

const usualPage = 1000

type Config = Pick<ClientOptions, 'region' | 'endpoint' | 'addressing'> & {
  bucket: string
  folder: string
}
type Keys = Pick<ClientOptions, 'accessKeyId' | 'secretAccessKey' | 'sessionToken'>

/** Objects of a bucket, below a folder of it. */
export function createBucketDriver(
  config: Config,
  keys: Keys,
  { sizes }: DestinationContext,
): DestinationDriver {
  const { bucket, folder } = config
  const connection = createConnection({ ...config, ...keys })
  const root = folder === '' ? '' : `${folder}/`
  const keyOf = (name: string): string => `${root}${name}`
  /** With the SDK; what goes wrong is told in words. */
  const within = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    try {
      return await work(await connection.get())
    } catch (thrown) {
      throw s3Error(thrown, bucket)
    }
  }

  return {
    put: (name, content, { signal, exclusive, expectedBytes }) =>
      within((made) =>
        upload(made, content, {
          bucket,
          key: keyOf(name),
          exclusive,
          ...planParts(config.endpoint, expectedBytes, sizes),
          signal,
        }),
      ),

    get: (name, { signal, from = 0 }) =>
      within(async ({ sdk, client }) => {
        const input = { Bucket: bucket, Key: keyOf(name) }
        const head = await client.send(new sdk.HeadObjectCommand(input), { abortSignal: signal })
        const size = head.ContentLength ?? 0
        // A range behind the last byte is refused by the protocol.
        if (from >= size) return { content: Readable.from([], { objectMode: false }), bytes: 0 }
        const answer = await client.send(
          new sdk.GetObjectCommand({
            ...input,
            ...(from > 0 && { Range: `bytes=${from}-` }),
            // What is replaced in between is another object.
            ...(head.ETag !== undefined && { IfMatch: head.ETag }),
          }),
          { abortSignal: signal },
        )
        if (!(answer.Body instanceof Readable)) throw new Error('the answer has no content')
        return { content: answer.Body, bytes: answer.ContentLength ?? -1 }
      }).catch((thrown: unknown) => {
        throw thrown instanceof QuaysideError && isMissing(thrown) ? notFound(name) : thrown
      }),

    stat: (name, { signal }) =>
      within(async ({ sdk, client }) => {
        try {
          const head = await client.send(
            new sdk.HeadObjectCommand({ Bucket: bucket, Key: keyOf(name) }),
            { abortSignal: signal },
          )
          const { ContentLength: bytes, LastModified: modified } = head
          if (bytes === undefined || modified === undefined) throw incomplete('HeadObject')
          return { bytes, modifiedAt: modified.getTime() }
        } catch (thrown) {
          const error = readSdkError(thrown)
          if (error?.name === 'NotFound' || error?.name === 'NoSuchKey') return null
          throw thrown
        }
      }),

    async *list(prefix, { signal }) {
      let token: string | undefined
      do {
        const page = await within(({ sdk, client }) =>
          client.send(
            new sdk.ListObjectsV2Command({
              Bucket: bucket,
              Prefix: keyOf(prefix),
              MaxKeys: sizes?.page ?? usualPage,
              ...(token !== undefined && { ContinuationToken: token }),
            }),
            { abortSignal: signal },
          ),
        )
        for (const { Key: key, Size: bytes, LastModified: modified } of page.Contents ?? []) {
          if (key === undefined || bytes === undefined || modified === undefined)
            throw incomplete('ListObjectsV2')
          if (key.startsWith(root))
            yield { name: key.slice(root.length), bytes, modifiedAt: modified.getTime() }
        }
        token = page.NextContinuationToken
        // Half a list would look like backups that have gone.
        if (page.IsTruncated === true && token === undefined) throw incomplete('ListObjectsV2')
      } while (token !== undefined)
    },

    remove: (name, { signal }) =>
      within(async ({ sdk, client }) => {
        const input = { Bucket: bucket, Key: keyOf(name) }
        await client.send(new sdk.DeleteObjectCommand(input), { abortSignal: signal })
      }),

    sweep: (options) =>
      within((made) =>
        sweepUploads(made, { bucket, prefix: keyOf(options.prefix ?? '') }, options),
      ),

    close: connection.close,
  }
}

function isMissing(error: QuaysideError): boolean {
  return /^(?:NotFound|NoSuchKey|404)\b/.test(error.detail ?? '')
}

function notFound(name: string): QuaysideError {
  return new QuaysideError('not_found', 'The destination has no such object.', { detail: name })
}

function incomplete(call: string): QuaysideError {
  return new QuaysideError('destination_failed', 'The destination gave an incomplete answer.', {
    hint: 'Try again. If it stays, it does not speak the S3 protocol as it should.',
    detail: call,
  })
}

import type * as SdkModule from '@aws-sdk/client-s3'
import type { SweepOptions } from '../destination.ts'
import type { Connection } from './client.ts'
import { readSdkError } from './s3-error.ts'

interface Upload {
  Bucket: string
  Key: string
  UploadId: string
}

/**
 * Ends uploads that were begun and never completed, and returns how many. An upload is as old as its
 * newest part: a large one takes days, and who sends it may be another computer.
 */
export async function sweepUploads(
  connection: Connection,
  { bucket, prefix }: { bucket: string; prefix: string },
  { signal, olderThanMs }: SweepOptions,
): Promise<number> {
  const { sdk, client } = connection
  const before = olderThanMs === 0 ? Infinity : Date.now() - olderThanMs
  const begun: Upload[] = []
  for await (const { Key, UploadId, Initiated } of uploadsAt(connection, bucket, prefix, signal)) {
    // Not all that speak the protocol keep to the prefix.
    if (Key?.startsWith(prefix) !== true || UploadId === undefined) continue
    if (Initiated === undefined || Initiated.getTime() > before) continue
    begun.push({ Bucket: bucket, Key, UploadId })
  }
  let swept = 0
  for (const upload of begun) {
    if (olderThanMs > 0 && (await mayGoOn(connection, upload, before, signal))) continue
    await client.send(new sdk.AbortMultipartUploadCommand(upload), { abortSignal: signal })
    swept += 1
  }
  return swept
}

async function* uploadsAt(
  { sdk, client }: Connection,
  Bucket: string,
  Prefix: string,
  abortSignal: AbortSignal,
): AsyncGenerator<SdkModule.MultipartUpload> {
  let from: Pick<SdkModule.ListMultipartUploadsCommandInput, 'KeyMarker' | 'UploadIdMarker'> | null
  from = {}
  while (from !== null) {
    const page: SdkModule.ListMultipartUploadsCommandOutput = await client.send(
      new sdk.ListMultipartUploadsCommand({ Bucket, Prefix, ...from }),
      { abortSignal },
    )
    yield* page.Uploads ?? []
    const { NextKeyMarker: KeyMarker, NextUploadIdMarker: UploadIdMarker } = page
    from =
      page.IsTruncated === true && KeyMarker !== undefined ? { KeyMarker, UploadIdMarker } : null
  }
}

/** Whether a part of it came later than that, or nobody may know. */
async function mayGoOn(
  { sdk, client }: Connection,
  upload: Upload,
  before: number,
  abortSignal: AbortSignal,
): Promise<boolean> {
  let PartNumberMarker: string | undefined
  try {
    do {
      const page: SdkModule.ListPartsCommandOutput = await client.send(
        new sdk.ListPartsCommand({ ...upload, PartNumberMarker }),
        { abortSignal },
      )
      const young = page.Parts?.some(({ LastModified: at }) => (at?.getTime() ?? 0) > before)
      if (young === true) return true
      PartNumberMarker = page.IsTruncated === true ? page.NextPartNumberMarker : undefined
    } while (PartNumberMarker !== undefined)
    return false
  } catch (thrown) {
    // It has come to its end meanwhile; or these credentials may not look at parts.
    const status = readSdkError(thrown)?.status
    if (status === 404 || status === 403) return true
    throw thrown
  }
}

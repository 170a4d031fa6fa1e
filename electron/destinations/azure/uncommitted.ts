import type { BlockBlobClient, ContainerClient } from '@azure/storage-blob'
import { readRestError } from './azure-error.ts'

/** Drops the blocks of blobs that were begun and never committed; returns how many blobs those were. */
export async function dropUncommitted(
  container: ContainerClient,
  prefix: string,
  abortSignal: AbortSignal,
): Promise<number> {
  const committed = new Set<string>()
  for await (const { name } of container.listBlobsFlat({ prefix, abortSignal })) committed.add(name)
  let dropped = 0
  const listed = container.listBlobsFlat({ prefix, abortSignal, includeUncommitedBlobs: true })
  for await (const { name } of listed) {
    if (committed.has(name)) continue
    if (await dropBlocks(container.getBlockBlobClient(name), abortSignal)) dropped += 1
  }
  return dropped
}

/**
 * Drops the blocks of a blob that has never been. The protocol has no call for it: an empty list of
 * blocks is committed, which lets go of all others, and the empty blob goes again.
 * @returns false where there is a blob by now, which keeps its place
 */
export async function dropBlocks(
  blob: BlockBlobClient,
  abortSignal: AbortSignal,
): Promise<boolean> {
  try {
    const conditions = { ifNoneMatch: '*' }
    const { etag } = await blob.commitBlockList([], { abortSignal, conditions })
    await blob.delete({ abortSignal, ...(etag !== undefined && { conditions: { ifMatch: etag } }) })
    return true
  } catch (thrown) {
    const status = readRestError(thrown)?.statusCode
    if (status !== 409 && status !== 412) throw thrown
    return false
  }
}

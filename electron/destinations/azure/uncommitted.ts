import type { ContainerClient } from '@azure/storage-blob'
import { readRestError } from './azure-error.ts'

/**
 * Drops the blocks of blobs that were begun and never committed; returns how many blobs those were. The
 * protocol has no call for it: an empty list of blocks is committed, which lets
 * go of all others, and the empty blob goes again.
 */
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
    const blob = container.getBlockBlobClient(name)
    try {
      // Never in the place of one that has come to be meanwhile.
      const conditions = { ifNoneMatch: '*' }
      const { etag } = await blob.commitBlockList([], { abortSignal, conditions })
      await blob.delete({
        abortSignal,
        ...(etag !== undefined && { conditions: { ifMatch: etag } }),
      })
      dropped += 1
    } catch (thrown) {
      const status = readRestError(thrown)?.statusCode
      if (status !== 409 && status !== 412) throw thrown
    }
  }
  return dropped
}

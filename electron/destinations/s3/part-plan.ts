import {
  equalPartSizes,
  partSizes,
  type DestinationContext,
  type PartSize,
} from '../destination.ts'

const MiB = 1024 * 1024
/**
 * With 10 000 parts, the protocol's limit, 125 GiB in parts that are all alike, 900 GiB in ones that grow;
 * more where more is expected.
 */
const usualPart = 16 * MiB
const mostParts = 10_000
/** Where none may grow: 312 GiB, or twice what is expected. */
const equalPart = 32 * MiB

export interface PartPlan {
  partSize: PartSize
  /** Of a part that is no larger, two are sent at once, bytes. */
  usualPart: number
  mostParts: number
}

/**
 * In which parts an object goes to an endpoint. Of a usual one four are in memory at most, two that are
 * filled and two on their way, of a larger one three: 64 MiB, and 96 MiB where none may grow.
 */
export function planParts(
  endpoint: string,
  expectedBytes: number | undefined,
  sizes: DestinationContext['sizes'],
): PartPlan {
  const [usual, most] = [sizes?.part ?? usualPart, sizes?.parts ?? mostParts]
  const partSize = wantsEqualParts(endpoint)
    ? equalPartSizes(expectedBytes, { usual: sizes?.part ?? equalPart, most })
    : partSizes(expectedBytes, { usual, most })
  return { partSize, usualPart: usual, mostParts: most }
}

/**
 * Cloudflare R2 refuses to complete an upload whose parts differ, but for the last
 * (https://developers.cloudflare.com/r2/objects/multipart-objects/#limitations).
 */
function wantsEqualParts(endpoint: string): boolean {
  return endpoint !== '' && new URL(endpoint).hostname.endsWith('.r2.cloudflarestorage.com')
}

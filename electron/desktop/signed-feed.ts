import { verify } from 'node:crypto'
import * as z from 'zod'
import { QuaysideError } from '../../shared/errors.ts'

/** Where updates come from, and who may sign them; lies beside a packaged app's code. */
export const updateFeedSchema = z.strictObject({
  /** The folder that holds the channel file and the packages. */
  url: z.url({ protocol: /^https?$/ }),
  /** Ed25519, PEM. */
  publicKey: z.string(),
})
export type UpdateFeed = z.infer<typeof updateFeedSchema>

/** What an updater is about to trust: a version and the hashes of its files. */
export interface UpdateClaim {
  readonly version: string
  readonly files: readonly { readonly sha512: string }[]
}

/**
 * Lets an update through only if its version and each of its hashes stand in a channel file that the
 * holder of the feed's key has signed. electron-updater compares the package with these hashes, but
 * on Linux nothing tells it whose they are.
 *
 * @param signature Ed25519 (RFC 8032) over the file's exact bytes, as base64
 * @throws QuaysideError `update_not_trusted`
 */
export function requireSigned(
  claim: UpdateClaim,
  channelFile: Buffer,
  signature: string,
  publicKey: string,
): void {
  if (!verify(null, channelFile, publicKey, Buffer.from(signature, 'base64')))
    throw notTrusted('The signature does not fit the channel file.')
  const lines = channelFile.toString('utf8').split('\n').map(unquoted)
  if (!lines.includes(`version: ${claim.version}`))
    throw notTrusted(`Version ${claim.version} is not the one that was signed.`)
  for (const { sha512 } of claim.files)
    if (!lines.includes(`sha512: ${sha512}`))
      throw notTrusted('A file’s hash is not one that was signed.')
  if (claim.files.length === 0) throw notTrusted('The update names no file.')
}

/** A line of the channel file, YAML, without its indent, list mark and quotes. */
function unquoted(line: string): string {
  return line.trim().replace(/^- /, '').replaceAll(/["']/g, '')
}

function notTrusted(detail: string): QuaysideError {
  return new QuaysideError('update_not_trusted', 'The update is not signed as it should be.', {
    hint: 'It was not installed. Tell whoever publishes this Quayside.',
    cause: new Error(detail),
  })
}

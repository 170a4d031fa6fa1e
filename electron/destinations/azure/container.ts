import type * as SdkModule from '@azure/storage-blob'
import { QuaysideError } from '../../../shared/errors.ts'

export interface ContainerOptions {
  account: string
  container: string
  endpoint: string
  /** An access key, a SAS token or a connection string. */
  credential: string
}

/** Bounded tries of what can be repeated; what stands still ends. Milliseconds. */
const retryOptions = {
  maxTries: 3,
  tryTimeoutInMs: 300_000,
  retryDelayInMs: 300,
  maxRetryDelayInMs: 3_000,
}

/** The SDK, loaded at the first use, and a client of the container; the same one for every call. */
export function createContainer(
  options: ContainerOptions,
): () => Promise<SdkModule.ContainerClient> {
  let made: Promise<SdkModule.ContainerClient> | undefined
  return () => (made ??= connect(options))
}

async function connect({
  account,
  container,
  endpoint,
  credential,
}: ContainerOptions): Promise<SdkModule.ContainerClient> {
  const sdk = await import('@azure/storage-blob')
  const address = endpoint === '' ? `https://${account}.blob.core.windows.net` : endpoint
  const parts = partsOfConnection(credential)
  const token = parts.get('sharedaccesssignature') ?? (isToken(credential) ? credential : undefined)
  if (token !== undefined) {
    const service = new sdk.BlobServiceClient(
      `${address}?${token.replace(/^\?/, '')}`,
      new sdk.AnonymousCredential(),
      { retryOptions },
    )
    return service.getContainerClient(container)
  }
  const named = parts.get('accountname')
  if (named !== undefined && named !== account)
    throw new QuaysideError(
      'destination_denied',
      'The connection string belongs to another storage account.',
      { hint: 'Check the account’s name, or copy the connection string again.' },
    )
  const key = parts.get('accountkey') ?? credential
  const service = new sdk.BlobServiceClient(
    address,
    new sdk.StorageSharedKeyCredential(account, key),
    { retryOptions },
  )
  return service.getContainerClient(container)
}

function isToken(credential: string): boolean {
  return /(?:^|[?&])sig=/.test(credential)
}

/** `Name=value;…`, whose values may hold `=` themselves. */
function partsOfConnection(text: string): Map<string, string> {
  if (!/;/.test(text)) return new Map()
  return new Map(
    text.split(';').flatMap((part) => {
      const at = part.indexOf('=')
      return at < 1 ? [] : [[part.slice(0, at).trim().toLowerCase(), part.slice(at + 1)] as const]
    }),
  )
}

import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type * as SdkModule from '@aws-sdk/client-s3'
import type { DestinationDriver } from '../destination.ts'

type Sdk = typeof SdkModule

/** The SDK, loaded at the first use, and a client of it. */
export interface Connection {
  sdk: Sdk
  client: SdkModule.S3Client
}

export interface ClientOptions {
  region: string
  endpoint: string
  addressing: 'automatic' | 'path' | 'host'
  accessKeyId: string
  secretAccessKey: string
  sessionToken: string
}

/** A line on which nothing moves for that long is given up, milliseconds. */
const idleMs = 30_000

/** Makes the client once, and gives the same one to every call. */
export function createConnection(options: ClientOptions): {
  get(): Promise<Connection>
  close: DestinationDriver['close']
} {
  let made: Promise<Connection> | undefined
  const make = async (): Promise<Connection> => {
    // Else it warns on stderr of an older Electron's Node, about which a user can do nothing.
    process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true'
    const sdk = await import('@aws-sdk/client-s3')
    const { endpoint, addressing, accessKeyId, secretAccessKey, sessionToken } = options
    const client = new sdk.S3Client({
      region: options.region,
      ...(endpoint !== '' && { endpoint }),
      forcePathStyle: addressing === 'automatic' ? endpoint !== '' : addressing === 'path',
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== '' && { sessionToken }) },
      // Newer checksums are refused by many that speak the protocol; ours is Content-MD5.
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
      maxAttempts: 3,
      requestHandler: {
        connectionTimeout: 10_000,
        socketTimeout: idleMs,
        httpAgent: new HttpAgent({ keepAlive: true, maxSockets: 8 }),
        httpsAgent: new HttpsAgent({ keepAlive: true, maxSockets: 8 }),
      },
      // Nothing of a request, which holds the signature, is ever written anywhere.
      logger: silence,
    })
    return { sdk, client }
  }
  return {
    get: () => (made ??= make()),
    close: async () => {
      const connection = await made
      connection?.client.destroy()
    },
  }
}

const silence = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

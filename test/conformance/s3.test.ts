import { expect, it } from 'vitest'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { kindOf, noVolumes } from './destination-kinds.ts'
import { describeFaults } from './destination-faults.ts'
import { all, chunks, describeDestination, expectGrowingParts, never } from './destination-suite.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { startServer } from './servers/server-worker.ts'

const kind = kindOf(destinationKinds, 's3')
const secrets = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-of-the-test' }
const configOf = (endpoint: string) => ({ bucket: 'backups', endpoint, folder: 'quayside' })

const error = (status: number, code: string) => ({
  kind: 'answer' as const,
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
})

describeDestination(
  's3',
  async () => {
    const server = await startServer('./s3-worker.ts')
    const destination = kind.open(configOf(server.endpoint), secrets, noVolumes)
    return {
      destination,
      everything: server.everything,
      leaveUnfinished: async (name) => {
        const sdk = await import('@aws-sdk/client-s3')
        const client = new sdk.S3Client({
          endpoint: server.endpoint,
          region: 'us-east-1',
          forcePathStyle: true,
          // A copy: the SDK writes into it.
          credentials: { ...secrets },
        })
        const Key = `quayside/${name}`
        await client.send(new sdk.CreateMultipartUploadCommand({ Bucket: 'backups', Key }))
        client.destroy()
      },
      stop: async () => {
        await destination.close()
        await server.stop()
      },
    }
  },
  { severalParts: 12 * 1024 * 1024, memory: 36 * 1024 * 1024 },
)

it('an s3 that finds this computer’s clock wrong is understood, whatever was asked', async () => {
  const server = await startServer('./s3-worker.ts')
  const proxy = await startFaultProxy(server.endpoint)
  const d = kind.open(configOf(proxy.endpoint), secrets, noVolumes)
  const put = () => d.put('a.dump', chunks(Buffer.from('x')), { signal: never(), exclusive: false })
  const skewed = error(403, 'RequestTimeTooSkewed')
  // The date of its answer tells how far the clock is off; an answer to HEAD has no other words.
  const date = new Date(Date.now() - 365 * 86_400_000).toUTCString()
  const fault = { ...skewed, headers: { ...skewed.headers, date } }
  try {
    for (const [method, act] of [
      ['PUT', put],
      ['HEAD', () => d.stat('a.dump', { signal: never() })],
      ['GET', () => all(d, '')],
    ] as const) {
      proxy.set([{ method, fault }])
      const failed: unknown = await act().catch((thrown: unknown) => thrown)
      expect(failed, method).toMatchObject({
        code: 'destination_denied',
        message: 'The destination refuses requests because this computer’s clock is wrong.',
      })
    }
    proxy.set([])
    await put()
    await d.remove('a.dump', { signal: never() })
  } finally {
    await d.close()
    proxy.stop()
    await server.stop()
  }
})

it('s3: an object may be larger than the usual parts make it', async () => {
  const server = await startServer('./s3-worker.ts')
  const sizes = { page: 4, part: 5 * 1024 * 1024, parts: 2 }
  const d = kind.open(configOf(server.endpoint), secrets, { ...noVolumes, sizes })
  try {
    await expectGrowingParts(d, sizes.part)
    expect(await server.everything()).toEqual([])
  } finally {
    await d.close()
    await server.stop()
  }
})

it('an s3 upload that was begun long ago is left alone while parts of it come', async () => {
  const server = await startServer('./s3-worker.ts')
  const proxy = await startFaultProxy(server.endpoint)
  const d = kind.open(configOf(proxy.endpoint), secrets, noVolumes)
  const sdk = await import('@aws-sdk/client-s3')
  const client = new sdk.S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { ...secrets },
  })
  const begin = async (
    name: string,
  ): Promise<{ Bucket: string; Key: string; UploadId: string }> => {
    const at = { Bucket: 'backups', Key: `quayside/${name}` }
    const { UploadId } = await client.send(new sdk.CreateMultipartUploadCommand(at))
    return { ...at, UploadId: UploadId ?? '' }
  }
  try {
    const sent = await begin('a/sent.dump')
    await client.send(new sdk.UploadPartCommand({ ...sent, PartNumber: 1, Body: 'x' }))
    const left = await begin('a/left.dump')
    // The server here begins all of them today: a list of its uploads that says otherwise.
    const longAgo = new Date(Date.now() - 3 * 86_400_000).toISOString()
    const uploads = [sent, left].map(
      ({ Key, UploadId }) =>
        `<Upload><Key>${Key}</Key><UploadId>${UploadId}</UploadId><Initiated>${longAgo}</Initiated></Upload>`,
    )
    const body = `<?xml version="1.0"?><ListMultipartUploadsResult>${uploads.join('')}</ListMultipartUploadsResult>`
    const headers = { 'content-type': 'application/xml' }
    const fault = { kind: 'answer' as const, status: 200, headers, body }
    proxy.set([{ method: 'GET', url: /[?&]uploads(?:=|&|$)/, fault }])
    const day = { signal: never(), olderThanMs: 86_400_000 }
    expect(await d.sweep({ ...day, prefix: 'b/' })).toBe(0)
    expect(await d.sweep({ ...day, prefix: 'a/' })).toBe(1)
    expect(await server.everything()).toEqual([`upload of ${sent.Key}`])
  } finally {
    client.destroy()
    await d.close()
    proxy.stop()
    await server.stop()
  }
})

describeFaults('s3', {
  start: () => startServer('./s3-worker.ts'),
  open: (endpoint, patience) => kind.open(configOf(endpoint), secrets, { ...noVolumes, patience }),
  wire: {
    put: { method: 'PUT' },
    part: { method: 'PUT', url: /partNumber=/ },
    complete: { method: 'POST', url: /uploadId=/ },
    read: { method: 'GET', url: /fault\.dump/ },
    list: { method: 'GET', url: /list-type=2/ },
    denied: error(403, 'AccessDenied'),
    expired: error(400, 'ExpiredToken'),
    taken: error(412, 'PreconditionFailed'),
    broken: error(501, 'NotImplemented'),
    busy: error(503, 'SlowDown'),
  },
})

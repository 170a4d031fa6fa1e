import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { kindOf, noVolumes } from './destination-kinds.ts'
import { describeFaults } from './destination-faults.ts'
import { chunks, describeDestination, never } from './destination-suite.ts'
import { startFaultProxy } from './fault-proxy.ts'
import { startServer } from './servers/server-worker.ts'

const kind = kindOf(destinationKinds, 'gcs')
const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
})
const keyFile = JSON.stringify({
  type: 'service_account',
  client_email: 'test@example.iam.gserviceaccount.com',
  private_key: privateKey,
})

describeDestination(
  'gcs',
  async () => {
    const server = await startServer('./gcs-worker.ts')
    const config = { bucket: 'backups', folder: 'quayside', endpoint: server.endpoint }
    const destination = kind.open(config, { keyFile }, noVolumes)
    // Nobody can list the uploads that were begun.
    return { ...server, destination, leaveUnfinished: null }
  },
  { severalParts: 12 * 1024 * 1024, memory: 36 * 1024 * 1024 },
)

const error = (status: number, reason: string) => ({
  kind: 'answer' as const,
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { code: status, message: reason, errors: [{ reason }] } }),
})

it.each([404, 410])('an upload that Google gives up (%i) is no missing object', async (status) => {
  const server = await startServer('./gcs-worker.ts')
  const proxy = await startFaultProxy(server.endpoint)
  const config = { bucket: 'backups', folder: 'quayside', endpoint: proxy.endpoint }
  const d = kind.open(config, { keyFile }, noVolumes)
  try {
    proxy.set([{ method: 'PUT', fault: error(status, 'notFound') }])
    const put = d.put('a.dump', chunks(Buffer.from('x')), { signal: never(), exclusive: true })
    await expect(put).rejects.toMatchObject({ code: 'destination_failed' })
  } finally {
    await d.close()
    proxy.stop()
    await server.stop()
  }
})

describeFaults('gcs', {
  start: () => startServer('./gcs-worker.ts'),
  open: (endpoint, patience) =>
    kind.open(
      { bucket: 'backups', folder: 'quayside', endpoint },
      { keyFile },
      { ...noVolumes, patience },
    ),
  wire: {
    put: { method: 'PUT' },
    part: { method: 'PUT' },
    complete: { method: 'PUT' },
    read: { method: 'GET', url: /alt=media/ },
    list: { method: 'GET', url: /maxResults=/ },
    denied: error(403, 'forbidden'),
    expired: error(401, 'authError'),
    taken: error(412, 'conditionNotMet'),
    broken: error(501, 'notImplemented'),
    busy: error(503, 'backendError'),
  },
})

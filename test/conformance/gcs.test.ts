import { generateKeyPairSync } from 'node:crypto'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { kindOf, noVolumes } from './destination-kinds.ts'
import { describeDestination } from './destination-suite.ts'
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
    return { destination, everything: server.everything, stop: server.stop }
  },
  { severalParts: 12 * 1024 * 1024, memory: 36 * 1024 * 1024 },
)

import { destinationKinds } from '../../electron/destinations/index.ts'
import { kindOf, noVolumes } from './destination-kinds.ts'
import { describeDestination } from './destination-suite.ts'
import { startServer } from './servers/server-worker.ts'

const kind = kindOf(destinationKinds, 's3')
const secrets = { accessKeyId: 'AKIATEST', secretAccessKey: 'a-secret-of-the-test' }
const configOf = (endpoint: string) => ({ bucket: 'backups', endpoint, folder: 'quayside' })

describeDestination(
  's3',
  async () => {
    const server = await startServer('./s3-worker.ts')
    const destination = kind.open(configOf(server.endpoint), secrets, noVolumes)
    return {
      destination,
      everything: server.everything,
      stop: async () => {
        await destination.close()
        await server.stop()
      },
    }
  },
  { severalParts: 12 * 1024 * 1024, memory: 36 * 1024 * 1024 },
)

import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { describeDestination } from './destination-suite.ts'
import { kindOf, noVolumes } from './destination-kinds.ts'

describeDestination(
  'local-folder',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'quayside-destination-'))
    const destination = kindOf(destinationKinds, 'local-folder').open({ folder }, {}, noVolumes)
    return Promise.resolve({
      destination,
      everything: () =>
        Promise.resolve(
          readdirSync(folder, { recursive: true, withFileTypes: true })
            .filter((entry) => !entry.isDirectory())
            .map((entry) => entry.name),
        ),
      stop: async () => {
        await destination.close()
        rmSync(folder, { recursive: true })
      },
    })
  },
  { severalParts: 20 * 1024 * 1024, memory: 32 * 1024 * 1024 },
)

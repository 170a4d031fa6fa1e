import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, parse } from 'node:path'
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
      leaveUnfinished: (name) => {
        const { dir, base } = parse(join(folder, name))
        mkdirSync(dir, { recursive: true })
        writeFileSync(join(dir, `.${base}.0123abcd.part`), 'half')
        return Promise.resolve()
      },
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

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabContext } from './context.ts'
import { LabError } from './lab-error.ts'
import { endProcess, startDetached, waitUntil, type ProcessRecord } from './processes.ts'

type Registry = {
  readonly labId: string
  /** Where its settings and its log go. */
  readonly folder: string
  /** The images. */
  readonly storage: string
  readonly host: string
  readonly port: number
  readonly readonly: boolean
}

/** The registry that the hosts' engines have as their mirror: it serves the images that were built. */
export async function ensureRegistry(lab: LabContext): Promise<void> {
  if (lab.running('registry')) return
  const { id: labId, folder } = lab.instance
  const storage = lab.state.registryStorage
  const record = await startRegistry({ labId, folder, storage, ...lab.registry, readonly: true })
  lab.remember('registry', record)
}

/** Starts a registry and waits until it answers. */
export async function startRegistry(registry: Registry): Promise<ProcessRecord> {
  const { labId, folder, host, port } = registry
  const configFile = join(folder, 'registry.json')
  const logFile = join(folder, 'registry.log')
  writeFileSync(configFile, JSON.stringify(settings(registry), null, 2))
  const record = await startDetached({
    command: ['docker-registry', 'serve', configFile],
    labId,
    logFile,
  })
  const url = `http://${host}:${port}/v2/`
  const answers = () =>
    fetch(url).then(
      ({ ok }) => ok,
      () => false,
    )
  if (await waitUntil(answers, { patience: 15_000 })) return record
  await endProcess(record)
  throw new LabError(`The registry does not answer at ${url}: see ${logFile}`)
}

// Its settings are YAML, of which JSON is a part.
function settings({ storage, host, port, readonly }: Registry): unknown {
  return {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      cache: { blobdescriptor: 'inmemory' },
      maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: readonly } },
    },
    http: { addr: `${host}:${port}` },
  }
}

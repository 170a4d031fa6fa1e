import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:net'
import type { LabContext } from './context.ts'
import { hubCertificate, hubKey } from './hub.ts'
import { LabError } from './lab-error.ts'
import { endProcess, startDetached, waitUntil, type ProcessRecord } from './processes.ts'

type Registry = {
  readonly name: string
  readonly labId: string
  /** Where its settings and its log go. */
  readonly folder: string
  /** The images. */
  readonly storage: string
  readonly host: string
  readonly port: number
  readonly readonly: boolean
  readonly tls?: { readonly certificate: string; readonly key: string }
}

/**
 * The registries of the lab, with the images that were built: the mirror that the hosts' engines ask
 * first, and the one they take for the public registry, which tells them what there is not.
 */
export async function ensureRegistries(lab: LabContext): Promise<void> {
  const { id: labId, folder } = lab.instance
  const common = { labId, folder, storage: lab.state.registryStorage, readonly: true }
  const { host, port } = lab.registry
  const tls = { certificate: hubCertificate(lab), key: hubKey(lab) }
  await Promise.all(
    [
      { ...common, name: 'registry', host, port },
      { ...common, name: 'hub', host, port: 443, tls },
    ].map(async (registry) => {
      if (lab.running(registry.name)) return
      lab.remember(registry.name, await startRegistry(registry))
    }),
  )
}

/** Ends both: no engine of the lab reaches a registry. */
export async function endRegistries(lab: LabContext): Promise<void> {
  for (const name of ['registry', 'hub']) {
    await endProcess(lab.running(name))
    lab.forget(name)
  }
}

/** Starts a registry and waits until it listens. */
export async function startRegistry(registry: Registry): Promise<ProcessRecord> {
  const { name, labId, folder, host, port } = registry
  const configFile = join(folder, `${name}.json`)
  const logFile = join(folder, `${name}.log`)
  writeFileSync(configFile, JSON.stringify(settings(registry), null, 2))
  const record = await startDetached({
    command: ['docker-registry', 'serve', configFile],
    labId,
    logFile,
  })
  if (await waitUntil(() => listens(host, port), { patience: 15_000 })) return record
  await endProcess(record)
  throw new LabError(`The registry does not listen on ${host}:${port}: see ${logFile}`)
}

// Its settings are YAML, of which JSON is a part.
function settings({ storage, host, port, readonly, tls }: Registry): unknown {
  return {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      cache: { blobdescriptor: 'inmemory' },
      maintenance: { uploadpurging: { enabled: false }, readonly: { enabled: readonly } },
    },
    http: { addr: `${host}:${port}`, ...(tls && { tls }) },
  }
}

function listens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1_000 })
    const answer = (yes: boolean) => {
      socket.destroy()
      resolve(yes)
    }
    socket.once('connect', () => answer(true))
    socket.once('timeout', () => answer(false))
    socket.once('error', () => answer(false))
  })
}

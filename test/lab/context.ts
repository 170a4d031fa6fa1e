import { join } from 'node:path'
import { gateway, hostAddress } from './addresses.ts'
import type { Instance } from './instance.ts'
import { LabError } from './lab-error.ts'
import { isAlive, type ProcessRecord } from './processes.ts'
import { readState, writeState, type LabState } from './state.ts'

/** A lab that is up, or on its way there. */
export type LabContext = {
  readonly instance: Instance
  readonly state: LabState
  /** Where the hosts reach the registry. */
  readonly registry: { readonly host: string; readonly port: number }
  save(): void
  /** Remembers a process under a name, for `down`. */
  remember(name: string, record: ProcessRecord): void
  forget(name: string): void
  /** The process of this name where it still runs. */
  running(name: string): ProcessRecord | undefined
  host(name: string): HostContext
  readonly hosts: readonly HostContext[]
}

/** A host of the lab: its names and places. */
export type HostContext = {
  readonly lab: LabContext
  readonly name: string
  readonly index: number
  readonly folder: string
  readonly address: string
  /** Its network interface on the laptop's side. */
  readonly link: string
  readonly proxyPort: number
  /** The file of its Docker socket, on the machine. */
  readonly socket: string
}

const registryPort = 5000

export function createContext(instance: Instance, state: LabState): LabContext {
  const lab: LabContext = {
    instance,
    state,
    registry: { host: gateway(state.subnet), port: registryPort },
    save: () => writeState(instance, state),
    remember(name, record) {
      state.processes[name] = record
      lab.save()
    },
    forget(name) {
      state.processes = Object.fromEntries(
        Object.entries(state.processes).filter(([key]) => key !== name),
      )
      lab.save()
    },
    running(name) {
      const record = state.processes[name]
      return isAlive(record) ? record : undefined
    },
    host(name) {
      const found = lab.hosts.find((host) => host.name === name)
      if (found) return found
      const names = lab.hosts.map((host) => host.name).join(', ')
      throw new LabError(`There is no host "${name}" in the lab. It has ${names}.`, { exitCode: 2 })
    },
    get hosts() {
      return state.hosts.map(({ index, proxyPort }) => hostContext(lab, index, proxyPort))
    },
  }
  return lab
}

/** The lab as it is up. Throws where it is not. */
export function runningLab(instance: Instance): LabContext {
  const state = readState(instance)
  if (!state) throw new LabError('The lab is not up. Start it with `npm run -s lab -- up`.')
  return createContext(instance, state)
}

function hostContext(lab: LabContext, index: number, proxyPort: number): HostContext {
  const name = `h${index}`
  const folder = join(lab.instance.folder, name)
  return {
    lab,
    name,
    index,
    folder,
    address: hostAddress(lab.state.subnet, index),
    link: `${lab.instance.bridge}-${index}`,
    proxyPort,
    socket: join(folder, 'docker.sock'),
  }
}

import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'
import { say } from '../../scripts/program.ts'
import { maxHosts } from './addresses.ts'
import { createContext, type LabContext } from './context.ts'
import { clearFaults } from './faults/index.ts'
import { ensureHost } from './host.ts'
import { freePort } from './image-build.ts'
import { ensureImages } from './image-cache.ts'
import { ensureHubCertificate } from './hub.ts'
import type { Instance } from './instance.ts'
import { ensureBridge } from './ip.ts'
import { ensureKeychain } from './keychain.ts'
import { ensureUserKeys } from './keys.ts'
import { LabError } from './lab-error.ts'
import { withLock } from './lock.ts'
import { prepareMachine } from './machine.ts'
import { ensureMachineEngine } from './machine-engine.ts'
import { ensureProxy } from './proxy/proxy.ts'
import { ensureRegistries } from './registry.ts'
import { readState, writeState, type LabState } from './state.ts'

/**
 * Brings the lab up, or what of it is not: whatever state it is in, afterwards it has at least so many
 * hosts and all of them are well. Throws a {@link LabError} that says what to do.
 */
export async function up(instance: Instance, { hosts }: { hosts: number }): Promise<LabContext> {
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > maxHosts) {
    throw new LabError(`The lab can have 1 to ${maxHosts} hosts.`, { exitCode: 2 })
  }
  await prepareMachine()
  const wait = () => say('Another command is at work on this lab: waiting for it …')
  return withLock(instance.lockFile, () => bringUp(instance, hosts), wait)
}

async function bringUp(instance: Instance, hosts: number): Promise<LabContext> {
  // Users of the hosts have to get through to their files, whatever the terminal's umask is.
  if (isMainThread) process.umask(0o022)
  mkdirSync(instance.folder, { recursive: true, mode: 0o755 })
  const lab = createContext(instance, await ensureState(instance))
  if (!lab.running('registry')) {
    lab.state.registryStorage = await ensureImages(lab)
    lab.save()
  }
  for (let index = 1; index <= hosts; index++) {
    if (lab.state.hosts.some((host) => host.index === index)) continue
    lab.state.hosts.push({ index, proxyPort: await freePort() })
    lab.save()
  }
  await ensureUserKeys(lab)
  await ensureHubCertificate(lab)
  await all([
    ensureRegistries(lab),
    ensureMachineEngine(lab, 'local').then(() => undefined),
    ensureKeychain(lab),
    ensureProxy(lab),
    ...lab.hosts.map((host) => ensureHost(host)),
  ])
  await clearFaults(lab)
  return lab
}

async function ensureState(instance: Instance): Promise<LabState> {
  const before = readState(instance)
  const subnet = await ensureBridge(instance, before?.subnet)
  if (before) return before
  const state: LabState = {
    subnet,
    registryStorage: '',
    passphrase: randomBytes(9).toString('base64url'),
    password: randomBytes(9).toString('base64url'),
    hosts: [],
    processes: {},
  }
  writeState(instance, state)
  return state
}

/** Waits for all, also where one fails: what is half started then is at rest. */
async function all(works: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(works)
  const failed = results.find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

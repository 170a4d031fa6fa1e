import type { HostContext } from '../context.ts'
import { endEngine, startEngine } from '../engine.ts'
import { engineOf } from '../engines.ts'

/** Stops the engine as a server's shutdown does, its containers first. */
export async function stopDocker(host: HostContext): Promise<void> {
  await endEngine(engineOf(host.lab, host.name), 'TERM')
}

/** Starts the engine where it does not run. */
export async function startDocker(host: HostContext): Promise<void> {
  await startEngine(engineOf(host.lab, host.name))
}

/** The engine crashes. */
export async function killDocker(host: HostContext): Promise<void> {
  await endEngine(engineOf(host.lab, host.name), 'KILL')
}

export async function restartDocker(host: HostContext): Promise<void> {
  await stopDocker(host)
  await startDocker(host)
}

import type { LabContext } from '../context.ts'
import { endEngine, startEngine } from '../engine.ts'
import { engineOf } from '../engines.ts'

/** Stops an engine (of a host, or `local`) as a server's shutdown does, its containers first. */
export async function stopDocker(lab: LabContext, name: string): Promise<void> {
  await endEngine(engineOf(lab, name), 'TERM')
}

/** Starts the engine where it does not run. */
export async function startDocker(lab: LabContext, name: string): Promise<void> {
  await startEngine(engineOf(lab, name))
}

/** The engine crashes. */
export async function killDocker(lab: LabContext, name: string): Promise<void> {
  await endEngine(engineOf(lab, name), 'KILL')
}

export async function restartDocker(lab: LabContext, name: string): Promise<void> {
  await stopDocker(lab, name)
  await startDocker(lab, name)
}

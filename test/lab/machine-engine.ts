import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { LabContext } from './context.ts'
import { endEngine, startEngine, type Engine } from './engine.ts'
import { engineOf } from './engines.ts'
import { hubHost } from './hub.ts'
import { LabError } from './lab-error.ts'
import { endNamespace, startNamespace } from './namespace.ts'
import { waitUntil } from './processes.ts'

/** Starts an engine in the machine's own network, as one that a developer has installed. */
export async function ensureMachineEngine(
  lab: LabContext,
  name: 'local' | 'builder',
): Promise<Engine> {
  const engine = engineOf(lab, name)
  const { folder } = engine
  if (!lab.running(`${name}-init`)) {
    await endNamespace(lab, name)
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(join(folder, 'dockerd.json'), '{}\n')
    writeFileSync(join(folder, 'hosts'), `127.0.0.1 localhost\n${lab.registry.host} ${hubHost}\n`)
    await startNamespace(lab, {
      name,
      script: [join(import.meta.dirname, 'engine-init.sh'), folder],
      logFile: join(folder, 'init.log'),
      network: false,
    })
    const ready = () => existsSync(join(folder, 'ready'))
    if (!(await waitUntil(ready, { patience: 10_000 }))) {
      throw new LabError(`The engine ${name} does not start: see ${folder}/init.log`)
    }
  }
  await startEngine(engine)
  return engine
}

/** Ends the engine that builds images, with all that it has. */
export async function endBuilder(lab: LabContext, engine: Engine): Promise<void> {
  await endEngine(engine, 'TERM')
  await endNamespace(lab, 'builder')
  rmSync(engine.folder, { recursive: true, force: true })
}

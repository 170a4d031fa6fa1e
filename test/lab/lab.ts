import type { ProgramResult } from '../../scripts/program.ts'
import { describeLab, type LabDescription } from './description.ts'
import { down } from './down.ts'
import { docker } from './engines.ts'
import { createFaults, type Faults } from './faults/index.ts'
import { runInside } from './inside.ts'
import { currentInstance, instanceNamed } from './instance.ts'
import { up } from './up.ts'

/** A lab that is up, for tests. */
export type Lab = LabDescription & {
  /** Things that go wrong, on request; `fault.clear()` mends all of them. */
  readonly fault: Faults
  /** Runs a program inside a host as root, in its network and among its processes; never rejects. */
  exec(host: string, argv: readonly string[], options?: { input?: string }): Promise<ProgramResult>
  /** Runs the docker command against a host's engine or `local`; never rejects. */
  docker(host: string, args: readonly string[]): Promise<ProgramResult>
  /** Takes the lab down, whoever has started it. */
  down(): Promise<void>
}

/**
 * The lab of this checkout (or the one that QUAYSIDE_LAB names): brought up where it is not, with at
 * least so many hosts (2), all of them well. What ran on the hosts of a lab that was up stays.
 */
export async function openLab({
  hosts = 2,
  name,
}: { hosts?: number; name?: string } = {}): Promise<Lab> {
  const instance = name === undefined ? currentInstance() : instanceNamed(name)
  const context = await up(instance, { hosts })
  return {
    ...describeLab(context),
    fault: createFaults(instance),
    exec: (host, argv, options) => runInside(context.host(host), argv, options),
    docker: (host, args) => docker(context, host, args),
    down: () => down(instance),
  }
}

import { mustRun, runProgram, type ProgramResult } from '../../scripts/program.ts'
import type { HostContext, LabContext } from './context.ts'
import { LabError } from './lab-error.ts'
import { bareEnvironment } from './processes.ts'

/** The command that runs this one inside a host: among its processes, with its mounts, network, name. */
export function insideCommand(
  lab: LabContext,
  name: string,
  argv: readonly string[],
): [string, ...string[]] {
  const init = lab.running(`${name}-init`)
  if (!init) throw new LabError(`The host ${name} does not run. \`lab up\` starts it.`)
  return ['nsenter', '-t', String(init.pid), '-m', '-u', '-i', '-n', '-p', '--', ...argv]
}

/** Runs a program inside a host, as root, to its end. */
export function runInside(
  host: HostContext,
  argv: readonly string[],
  options: { readonly input?: string } = {},
): Promise<ProgramResult> {
  const [program, ...args] = insideCommand(host.lab, host.name, argv)
  const env = { ...bareEnvironment(), HOME: `${host.folder}/home/root` }
  return runProgram(program, args, { ...options, env })
}

/** As {@link runInside}, but throws where it fails. */
export function mustRunInside(host: HostContext, argv: readonly string[]): Promise<string> {
  const [program, ...args] = insideCommand(host.lab, host.name, argv)
  return mustRun(program, args, { env: bareEnvironment() })
}

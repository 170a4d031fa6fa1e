import { join } from 'node:path'
import type { HostContext } from '../context.ts'
import { runInside } from '../inside.ts'
import { LabError } from '../lab-error.ts'
import { endProcess, startDetached, waitUntil } from '../processes.ts'

/** Has a process listen on this port of the host's loopback. */
export async function holdPort(host: HostContext, port: number): Promise<void> {
  const { lab, folder } = host
  const init = lab.running(`${host.name}-init`)
  if (!init) throw new LabError(`The host ${host.name} does not run.`)
  if (lab.running(processName(host, port))) return
  const logFile = join(folder, 'port-holder.log')
  const program = join(import.meta.dirname, 'port-holder.ts')
  const record = await startDetached({
    // In the host's network alone: among its processes it would be the child of one out here, and
    // would go on when that ends.
    command: ['nsenter', `--net=/proc/${init.pid}/ns/net`, process.execPath, program, String(port)],
    labId: lab.instance.id,
    logFile,
  })
  lab.remember(processName(host, port), record)
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const listens = async () =>
    (await runInside(host, ['grep', '-q', `0100007F:${hex} 00000000:0000 0A`, '/proc/net/tcp']))
      .code === 0
  if (await waitUntil(listens, { patience: 5_000 })) return
  await freePort(host, port)
  throw new LabError(`Port ${port} of ${host.name} could not be taken: see ${logFile}`)
}

export async function freePort(host: HostContext, port: number): Promise<void> {
  const { lab } = host
  await endProcess(lab.running(processName(host, port)))
  lab.forget(processName(host, port))
}

/** The ports that are held on this host. */
export function heldPorts(host: HostContext): number[] {
  const prefix = processName(host, '')
  return Object.keys(host.lab.state.processes).flatMap((name) =>
    name.startsWith(prefix) ? [Number(name.slice(prefix.length))] : [],
  )
}

function processName(host: HostContext, port: number | ''): string {
  return `${host.name}-port-${port}`
}

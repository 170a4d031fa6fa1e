import { readFileSync } from 'node:fs'
import type { LabContext } from './context.ts'
import { LabError } from './lab-error.ts'
import { endProcess, recordOf, startDetached, waitUntil } from './processes.ts'

type Namespace = {
  readonly name: string
  readonly script: readonly [string, ...string[]]
  readonly logFile: string
  /** Whether its network is its own, too. */
  readonly network: boolean
}

/**
 * Starts a script as the first process of namespaces of their own (mounts, processes, name, network).
 * All that ever runs in them ends with it, containers too, and their mounts go. Answers with its number.
 */
export async function startNamespace(lab: LabContext, namespace: Namespace): Promise<number> {
  const { name, script, logFile, network } = namespace
  const spaces = ['-m', '-u', '-i', '-p', ...(network ? ['-n'] : [])]
  const outer = await startDetached({
    command: ['unshare', ...spaces, '--fork', '--kill-child', '--mount-proc', 'sh', ...script],
    labId: lab.instance.id,
    logFile,
  })
  lab.remember(`${name}-outer`, outer)
  const children = `/proc/${outer.pid}/task/${outer.pid}/children`
  let first: number | undefined
  await waitUntil(
    () => {
      first = Number(readIfThere(children).trim()) || undefined
      return first !== undefined
    },
    { patience: 5_000 },
  )
  const record = first === undefined ? undefined : recordOf(first)
  if (!record) throw new LabError(`${name} could not be started: see ${logFile}`)
  lab.remember(`${name}-init`, record)
  return record.pid
}

/** Ends the first process, and with it all others. */
export async function endNamespace(lab: LabContext, name: string): Promise<void> {
  for (const part of ['init', 'outer']) {
    await endProcess(lab.state.processes[`${name}-${part}`], { patience: 0 })
    lab.forget(`${name}-${part}`)
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // The process has ended already; its log says why.
    return ''
  }
}

import { readFileSync, rmSync } from 'node:fs'
import { mustRun, runProgram, say } from '../../scripts/program.ts'
import { removeCgroups } from './cgroups.ts'
import type { Instance } from './instance.ts'
import { removeLink } from './ip.ts'
import { withLock } from './lock.ts'
import { endProcess, markedProcesses, waitUntil } from './processes.ts'
import { readState } from './state.ts'

/**
 * Takes away all that belongs to this lab, in whatever state it is: processes, containers, mounts,
 * interfaces, files. Does nothing where there is nothing.
 */
export async function down(instance: Instance): Promise<void> {
  const wait = () => say('Another command is at work on this lab: waiting for it …')
  await withLock(instance.lockFile, () => takeDown(instance), wait)
}

async function takeDown(instance: Instance): Promise<void> {
  const records = Object.entries(readRecords(instance))
  // With the first process of a host everything in it ends: no need to be polite.
  const inits = records.filter(([name]) => name.endsWith('-init') || name.endsWith('-outer'))
  await Promise.all(inits.map(([, record]) => endProcess(record, { patience: 0 })))
  await Promise.all(records.map(([, record]) => endProcess(record, { patience: 2_000 })))
  // What a crash left without a record carries our mark.
  await Promise.all(
    markedProcesses(instance.id).map((record) => endProcess(record, { patience: 0 })),
  )
  await removeLinks(instance)
  await unmountAll(instance)
  await removeCgroups(instance)
  rmSync(instance.folder, { recursive: true, force: true })
}

function readRecords(instance: Instance) {
  try {
    return readState(instance)?.processes ?? {}
  } catch (error) {
    say(`The lab's state can't be read, so its processes are found by their mark: ${String(error)}`)
    return {}
  }
}

async function removeLinks(instance: Instance): Promise<void> {
  const { stdout } = await runProgram('ip', ['-o', 'link', 'show'])
  const names = [...stdout.matchAll(/^\d+: ([^:@]+)/gm)].flatMap((match) => match[1] ?? [])
  const ours = names.filter((name) => name.startsWith(`${instance.bridge}-`))
  for (const name of ours) await removeLink(name)
  await removeLink(instance.bridge)
}

/** Mounts of hosts are gone with them; this is for those that a killed engine may leave to the machine. */
async function unmountAll(instance: Instance): Promise<void> {
  for (const path of mountsOf(instance).reverse()) await mustRun('umount', ['-l', path])
  await waitUntil(() => mountsOf(instance).length === 0, { patience: 2_000 })
}

/** Where something is mounted in the lab's folder, as the machine sees it. */
export function mountsOf(instance: Instance): string[] {
  return readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .flatMap((line) => line.split(' ')[1] ?? [])
    .filter((path) => path.startsWith(`${instance.folder}/`))
}

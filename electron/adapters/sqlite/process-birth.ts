import { readFileSync } from 'node:fs'

/** True if a process with this pid exists, whoever it belongs to. */
export function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/**
 * What tells a process from a later one with the same pid: this boot's id and the tick it began at.
 * Null where the system does not say (anything but Linux) or the process is gone.
 */
export function processBirth(pid: number): string | null {
  if (process.platform !== 'linux') return null
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
    // The program's name stands in brackets and may hold anything, so count from the last one:
    // the start time is field 22, the first after the bracket is field 3 (proc_pid_stat(5)).
    const began = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[22 - 3]
    return began === undefined ? null : `${boot}/${began}`
  } catch {
    return null
  }
}

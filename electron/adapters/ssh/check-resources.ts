import { QuaysideError } from '../../../shared/errors.ts'

/** Databases write their time into rows and certificates are checked by it. */
const mostSkewMs = 30_000
/** The host tells whole seconds, and the answer takes its time. */
const rightWithinMs = 1_500
/** With less free than this, an image or a restore no longer fits. */
const leastFreeBytes = 2e9
const leastFreePart = 0.05

export interface DiskSpace {
  freeBytes: number
  totalBytes: number
}

/** What is found at a step, and the warning that goes with it. */
export interface Finding {
  fact: string
  warning: QuaysideError | null
}

/** @param memory bytes; 0 where the host does not say */
export function judgeDisk(
  disk: DiskSpace | null,
  memory: number,
  folder: string,
  name: string,
): Finding {
  const space = disk
    ? `${gigabytes(disk.freeBytes)} of ${gigabytes(disk.totalBytes)} free`
    : 'disk unknown'
  const fact = `${space}, ${memory > 0 ? `${gigabytes(memory)} memory` : 'memory unknown'}`
  const full =
    disk !== null &&
    (disk.freeBytes < leastFreeBytes || disk.freeBytes < disk.totalBytes * leastFreePart)
  if (!full) return { fact, warning: null }
  return {
    fact,
    warning: new QuaysideError(
      'disk_full',
      `The disk that holds ${folder} on ${name} is almost full: ${gigabytes(disk.freeBytes)} are free.`,
      {
        hint: 'Databases stop when it is full. See what takes the room, and free some or give it a larger disk.',
        remedy: `df -h ${folder} && sudo docker system df`,
      },
    ),
  }
}

/** @param skewMs how far the host is ahead of this computer; behind is negative */
export function judgeClock(skewMs: number, name: string): Finding {
  const off = Math.abs(skewMs)
  if (off < rightWithinMs) return { fact: 'right', warning: null }
  const fact = `${Math.round(off / 1000)} s ${skewMs > 0 ? 'ahead of' : 'behind'} this computer`
  if (off <= mostSkewMs) return { fact, warning: null }
  return {
    fact,
    warning: new QuaysideError('clock_wrong', `The clock of ${name} and this computer’s differ.`, {
      hint: 'One of them is wrong: times in logs, backups and rows will be too. Where it is the server, have it set its clock by the network; compare this computer’s settings as well.',
      remedy: 'sudo timedatectl set-ntp true && timedatectl',
    }),
  }
}

function gigabytes(bytes: number): string {
  const value = bytes / 1e9
  return `${value >= 100 ? Math.round(value) : value.toFixed(1)} GB`
}

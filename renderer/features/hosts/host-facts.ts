import type { HostDisk, HostFacts } from '../../../shared/contract/host-look.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { formatLimit, formatPercent, plural } from '../../lib/format.ts'

/** Its system and Docker: as it says now, else as it said last; null when nobody knows. */
export function systemLine({ status }: HostView, facts: HostFacts | undefined): string | null {
  const os = status.os ?? facts?.os ?? null
  const docker = status.dockerVersion ?? facts?.docker.version ?? null
  const parts = [os, docker === null ? null : `Docker ${docker}`]
  return parts.filter((part) => part !== null).join(', ') || null
}

/** How large a host is: `8 cores, 16 GB, disk 91 % full`; what it did not tell is left out. */
export function sizeLine({ cpus, memory, disks }: HostFacts): string {
  const disk = fullestDisk(disks)
  const parts = [
    cpus === null ? null : plural(cpus, 'core'),
    memory === null ? null : formatLimit(memory.totalBytes),
    disk === null
      ? null
      : `disk ${formatPercent((100 * disk.usedBytes) / (disk.usedBytes + disk.freeBytes || 1))} full`,
  ]
  return parts.filter((part) => part !== null).join(', ')
}

/** The file system that is nearest to full; null when none is known. */
export function fullestDisk(disks: readonly HostDisk[]): HostDisk | null {
  const filled = ({ usedBytes, freeBytes }: HostDisk) => usedBytes / (usedBytes + freeBytes || 1)
  return disks.reduce<HostDisk | null>(
    (fullest, disk) => (fullest === null || filled(disk) > filled(fullest) ? disk : fullest),
    null,
  )
}

const holdings: Readonly<Record<HostDisk['holds'][number], string>> = {
  system: 'the system',
  docker: 'Docker’s data',
  data: 'new databases',
}

/** What lies on a file system, in words. */
export function holdsWords({ holds }: HostDisk): string {
  return holds.map((one) => holdings[one]).join(', ')
}

/** A clock that is off, in words; right within what a measurement over a network can tell. */
export function clockWords(aheadMs: number): string {
  const off = Math.abs(aheadMs)
  if (off < 1500) return 'right'
  return `${Math.round(off / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this computer’s`
}

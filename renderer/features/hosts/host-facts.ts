import type { HostDisk } from '../../../shared/contract/host-look.ts'

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

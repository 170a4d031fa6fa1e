import type { HostDisk, HostFacts } from '../../../shared/contract/host-look.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { facts, table } from '../table.ts'
import { age, span } from '../words.ts'

const holdings: Readonly<Record<HostDisk['holds'][number], string>> = {
  system: 'system',
  docker: 'Docker',
  data: 'data directory',
}

/** What a host tells of itself: facts, then its containers. */
export function describeFacts(told: HostFacts, now: number): string {
  const { docker, cpus, cpuPercent, load, memory, swap, disks, bootedAt, containers } = told
  const lines = facts([
    ['As told', age(told.at, now)],
    ['System', told.os],
    ['Kernel', [told.kernel, told.arch].filter((word) => word !== null).join(', ') || null],
    ['Docker', `${docker.version}, API ${docker.apiVersion}`],
    ['Docker’s data', [docker.dataRoot, docker.storageDriver].filter(Boolean).join(', ')],
    ['CPUs', cpus === null ? null : String(cpus)],
    ['CPU in use', cpuPercent === null ? null : `${Math.round(cpuPercent)} %`],
    ['Load', load === null ? null : `${load.one} ${load.five} ${load.fifteen}`],
    [
      'Memory',
      memory === null
        ? null
        : `${formatBytes(memory.totalBytes - memory.availableBytes)} of ${formatBytes(memory.totalBytes)} in use`,
    ],
    [
      'Swap',
      swap === null || swap.totalBytes === 0
        ? null
        : `${formatBytes(swap.totalBytes - swap.freeBytes)} of ${formatBytes(swap.totalBytes)} in use`,
    ],
    ...disks.map((disk) => ['Disk', diskText(disk)] as const),
    ['Up for', bootedAt === null ? null : span(told.at - bootedAt)],
    ['Clock', told.clockAheadMs === null ? null : clockText(told.clockAheadMs)],
    ['Containers', String(containers.length)],
  ])
  if (containers.length === 0) return lines
  const rows = containers.map(({ name, image, statusText, published, databaseId }) => [
    name,
    image,
    statusText,
    published.map(({ address, port }) => `${address}:${port}`).join(' '),
    databaseId === null ? '' : 'yes',
  ])
  return `${lines}\n\n${table(['container', 'image', 'state', 'published', 'ours'], rows)}`
}

function diskText({ mount, holds, totalBytes, freeBytes }: HostDisk): string {
  const what = holds.map((one) => holdings[one]).join(', ')
  return `${mount}: ${formatBytes(freeBytes)} of ${formatBytes(totalBytes)} free (${what})`
}

function clockText(aheadMs: number): string {
  const off = Math.abs(aheadMs)
  if (off < 1500) return 'right'
  return `${Math.round(off / 1000)} s ${aheadMs > 0 ? 'ahead of' : 'behind'} this computer`
}

import type { HostContainer, HostDisk, HostFacts } from '../../../shared/contract/host-look.ts'
import type { DatabaseId } from '../../../shared/contract/databases.ts'
import { databaseIdOf } from '../databases/labels.ts'
import type { Clock, ContainerSummary, Host, HostRecord } from '../ports.ts'
import {
  busyPercent,
  readClock,
  readCpuTimes,
  readDisk,
  readLoad,
  readMemory,
  readUptime,
} from './proc-text.ts'
import { partsOf, partsPrelude } from './script-parts.ts'

// One program for all of it, under any POSIX shell and any user. Given: Docker's folder, and the one
// of new databases or nothing. The clock comes last, as what is last is the least time on its way.
const script = `${partsPrelude}
disk() {
  at=$1
  while [ ! -e "$at" ] && [ "$at" != / ]; do at=$(dirname "$at"); done
  df -Pk "$at" 2>/dev/null
}
part before; head -n 1 /proc/stat 2>/dev/null
part os; (. /etc/os-release 2>/dev/null && printf %s "$PRETTY_NAME")
part system; uname -s
part kernel; uname -r
part arch; uname -m
part cpus; getconf _NPROCESSORS_ONLN 2>/dev/null || grep -c '^processor' /proc/cpuinfo 2>/dev/null
part uptime; cat /proc/uptime 2>/dev/null
part load; cat /proc/loadavg 2>/dev/null
part memory; cat /proc/meminfo 2>/dev/null
part disk-system; disk /
part disk-docker; disk "$1"
part disk-data; [ -n "$2" ] && disk "$2"
sleep 0.4 2>/dev/null || sleep 1
part after; head -n 1 /proc/stat 2>/dev/null
part clock; date +%s.%N
`

/** Asks a host what it is and how it fares: two calls of Docker and one program. */
export async function readFacts(
  host: Host,
  {
    record,
    clock,
    known,
  }: {
    record: HostRecord
    clock: Clock
    /** Whether Quayside has a database of this id. */
    known: (id: DatabaseId) => boolean
  },
  signal: AbortSignal,
): Promise<HostFacts> {
  const docker = host.docker()
  const [version, info, containers] = await Promise.all([
    docker.version({ signal }),
    docker.info({ signal }),
    docker.listContainers({}, { signal }),
  ])
  const argv = ['sh', '-c', script, 'sh', info.dataRoot, record.dataDirectory ?? '']
  const { stdout } = await host.exec(argv, { signal })
  const at = clock.now()
  const told = readTold(stdout)
  return {
    at,
    ...told.facts,
    docker: {
      version: version.version,
      apiVersion: version.apiVersion,
      storageDriver: info.storageDriver,
      dataRoot: info.dataRoot,
    },
    os: told.facts.os ?? info.operatingSystem,
    bootedAt: told.uptimeMs === null ? null : at - told.uptimeMs,
    clockAheadMs:
      told.clockMs === null ? null : told.clockMs - (at - (host.status.latencyMs ?? 0) / 2),
    containers: containers.map((container) => viewContainer(container, known)),
  }
}

type ToldFacts = Omit<HostFacts, 'at' | 'docker' | 'containers' | 'bootedAt' | 'clockAheadMs'>

/** The script's answer; pure. */
export function readTold(text: string): {
  facts: ToldFacts
  uptimeMs: number | null
  clockMs: number | null
} {
  const part = partsOf(text)
  const word = (name: string): string | null => part(name).split('\n')[0]?.slice(0, 200) || null
  const cpus = Number(part('cpus'))
  // Where Docker runs in a machine inside this one, its folder is not here.
  const places =
    part('system') === 'Linux' ? (['system', 'docker', 'data'] as const) : (['system'] as const)
  return {
    facts: {
      os: word('os'),
      kernel: word('kernel'),
      arch: word('arch'),
      cpus: Number.isInteger(cpus) && cpus > 0 ? cpus : null,
      cpuPercent: busyPercent(readCpuTimes(part('before')), readCpuTimes(part('after'))),
      load: readLoad(part('load')),
      ...readMemory(part('memory')),
      disks: places.reduce<HostDisk[]>(
        (disks, place) => withDisk(disks, place, part(`disk-${place}`)),
        [],
      ),
    },
    uptimeMs: readUptime(part('uptime')),
    clockMs: readClock(part('clock')),
  }
}

/** One line for each file system, whatever lies on it. */
function withDisk(disks: HostDisk[], place: HostDisk['holds'][number], text: string): HostDisk[] {
  const read = readDisk(text)
  if (read === null) return disks
  const same = disks.find(({ mount }) => mount === read.mount)
  if (same === undefined) return [...disks, { ...read, holds: [place] }]
  return disks.map((disk) => (disk === same ? { ...disk, holds: [...disk.holds, place] } : disk))
}

function viewContainer(
  { id, name, image, state, statusText, labels, published }: ContainerSummary,
  known: (id: DatabaseId) => boolean,
): HostContainer {
  const databaseId = databaseIdOf(labels)
  return {
    id,
    name,
    image,
    state,
    statusText,
    databaseId: databaseId !== null && known(databaseId) ? databaseId : null,
    published: published.map(({ address, port, containerPort }) => ({
      address,
      port,
      containerPort,
    })),
  }
}

import type { ReactNode } from 'react'
import type { HostFacts } from '../../../shared/contract/host-look.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import {
  formatBytes,
  formatDuration,
  formatLimit,
  formatPercent,
  formatSpan,
  noValue,
  plural,
} from '../../lib/format.ts'
import { hostStateLabel } from '../../lib/host-state.ts'
import { Age, Since } from '../../ui/Age.tsx'
import { Meter } from '../../ui/Meter.tsx'
import { fullestDisk } from './host-facts.ts'
import { useHostFacts, type KnownFacts } from './queries.ts'
import classes from './HostStrip.module.css'

/** The numbers of a host at a glance; while it does not answer, those it told last, with their age. */
export function HostStrip({ host }: { host: HostView }) {
  const { facts, old } = useHostFacts(host)
  const { status } = host
  return (
    <div className={old ? `${classes.strip} ${classes.old}` : classes.strip}>
      <Load facts={facts} />
      <Stat label="Uptime" more={facts?.kernel?.replace(/^(\d+\.\d+).*/, 'kernel $1')}>
        <Uptime facts={facts} old={old} />
      </Stat>
      <Stat
        label="Running"
        more={
          facts === undefined ? undefined : `of ${plural(facts.containers.length, 'container')}`
        }
      >
        {facts?.containers.filter(({ state }) => state === 'running').length ?? noValue}
      </Stat>
      <Stat
        label="Connection"
        more={
          <>
            {status.latencyMs === null ? hostStateLabel(host).toLowerCase() : 'since'}{' '}
            <Since at={status.since} />
          </>
        }
      >
        {status.latencyMs === null ? noValue : formatDuration(status.latencyMs)}
      </Stat>
      {old && facts !== undefined && (
        <div className={classes.age}>
          As {host.name} told <Age at={facts.at} />
        </div>
      )}
    </div>
  )
}

/** How long it runs; of one that does not answer, how long it ran when it last did. */
function Uptime({ facts, old }: KnownFacts) {
  if (typeof facts?.bootedAt !== 'number') return noValue
  return old ? formatSpan(facts.at - facts.bootedAt) : <Since at={facts.bootedAt} />
}

function Load({ facts }: { facts: HostFacts | undefined }) {
  const { cpuPercent = null, cpus = null, memory = null, disks = [] } = facts ?? {}
  const disk = fullestDisk(disks)
  const used = memory === null ? null : memory.totalBytes - memory.availableBytes
  return (
    <>
      <Stat
        label="CPU"
        more={cpus === null ? undefined : `of ${plural(cpus, 'core')}`}
        {...(cpuPercent !== null && { part: cpuPercent, whole: 100 })}
      >
        {cpuPercent === null ? noValue : formatPercent(cpuPercent)}
      </Stat>
      <Stat
        label="Memory"
        more={memory === null ? undefined : `of ${formatLimit(memory.totalBytes)}`}
        {...(memory !== null && used !== null && { part: used, whole: memory.totalBytes })}
      >
        {used === null ? noValue : formatBytes(used)}
      </Stat>
      <Stat
        label="Disk"
        more={disk === null ? undefined : `of ${formatLimit(disk.usedBytes + disk.freeBytes)}`}
        {...(disk !== null && { part: disk.usedBytes, whole: disk.usedBytes + disk.freeBytes })}
      >
        {disk === null ? noValue : formatBytes(disk.usedBytes)}
      </Stat>
    </>
  )
}

function Stat({
  label,
  more,
  part,
  whole,
  children,
}: {
  label: string
  more?: ReactNode
  part?: number
  whole?: number
  children: ReactNode
}) {
  return (
    <div className={classes.stat}>
      <div className={classes.label}>{label}</div>
      <div className={classes.value}>
        {children} {more !== undefined && <span className={classes.more}>{more}</span>}
      </div>
      {part !== undefined && whole !== undefined && (
        <Meter part={part} whole={whole} label={`${label} in use`} />
      )}
    </div>
  )
}

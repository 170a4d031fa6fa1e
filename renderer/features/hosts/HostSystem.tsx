import type { HostDisk } from '../../../shared/contract/host-look.ts'
import type { HostView } from '../../../shared/contract/hosts.ts'
import { formatBytes, formatBytesOf } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { Meter } from '../../ui/Meter.tsx'
import { clockWords, holdsWords } from './host-facts.ts'
import { useHostFacts } from './queries.ts'
import classes from './HostPage.module.css'

/** What a host is, in detail; what it did not tell is left out. */
export function HostSystem({ host }: { host: HostView }) {
  const { facts } = useHostFacts(host)
  if (facts === undefined) return null
  const { docker, load, swap, clockAheadMs } = facts
  return (
    <section className={classes.section}>
      <h2 className={classes.title}>
        System
        <span className={classes.aside}>
          read <Age at={facts.at} />
        </span>
      </h2>
      <Facts labelWidth={112}>
        {facts.os !== null && <FactRow label="System">{facts.os}</FactRow>}
        {facts.kernel !== null && (
          <FactRow label="Kernel">
            {[facts.kernel, facts.arch].filter((word) => word !== null).join(', ')}
          </FactRow>
        )}
        <FactRow label="Docker">
          {docker.version}, API {docker.apiVersion}
        </FactRow>
        <FactRow label="Docker’s data">
          {docker.dataRoot}
          {docker.storageDriver !== null && `, ${docker.storageDriver}`}
        </FactRow>
        {load !== null && (
          <FactRow label="Load">
            {load.one.toFixed(2)}, {load.five.toFixed(2)}, {load.fifteen.toFixed(2)} over 1, 5, 15
            min
          </FactRow>
        )}
        {swap !== null && (
          <FactRow label="Swap">
            {swap.totalBytes === 0
              ? 'none'
              : formatBytesOf(swap.totalBytes - swap.freeBytes, swap.totalBytes)}
          </FactRow>
        )}
        {facts.disks.map((disk) => (
          <DiskRow key={disk.mount} disk={disk} />
        ))}
        {clockAheadMs !== null && <FactRow label="Clock">{clockWords(clockAheadMs)}</FactRow>}
      </Facts>
    </section>
  )
}

function DiskRow({ disk }: { disk: HostDisk }) {
  const { mount, usedBytes, freeBytes } = disk
  return (
    <FactRow label={`Disk ${mount}`} stacked>
      {formatBytes(freeBytes)} free of {formatBytes(usedBytes + freeBytes)}, holds{' '}
      {holdsWords(disk)}
      <Meter part={usedBytes} whole={usedBytes + freeBytes} label={`Disk ${mount} in use`} />
    </FactRow>
  )
}

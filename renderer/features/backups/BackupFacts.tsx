import { useQuery } from '@tanstack/react-query'
import type { BackupFreshness, BackupView } from '../../../shared/contract/backups.ts'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { formatBytes, formatCount, noValue } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { destinationsQuery } from '../destinations/queries.ts'
import { sideOf } from './backup-rows.ts'
import { Proof } from './Proof.tsx'
import { SideCell } from './SideCell.tsx'

/** What can be relied on, beside the backups themselves. */
export function BackupFacts(props: {
  database: DatabaseView
  backups: readonly BackupView[]
  freshness: BackupFreshness | undefined
}) {
  const { database, backups, freshness } = props
  const destinations = useQuery(destinationsQuery).data ?? []
  const away = new Set(destinations.filter((each) => each.offSite).map(({ id }) => id))
  const copies = backups.flatMap((backup) => backup.copies)
  const oldest = backups.at(-1)
  return (
    <>
      <Facts title="Newest">
        <FactRow label="On site">
          <SideCell side={sideOf(backups, freshness, (at) => !away.has(at))} />
        </FactRow>
        <FactRow label="Off-site">
          <SideCell side={sideOf(backups, freshness, (at) => away.has(at))} />
        </FactRow>
        <FactRow label="Restored">
          <Proof provenAt={freshness?.provenAt ?? null} unproven={freshness?.unproven ?? null} />
        </FactRow>
      </Facts>
      <Facts title="All">
        <FactRow label="Backups">{formatCount(backups.length)}</FactRow>
        <FactRow label="Copies">{formatCount(copies.length)}</FactRow>
        <FactRow label="Stored">
          {copies.length === 0
            ? noValue
            : formatBytes(copies.reduce((sum, { bytes }) => sum + bytes, 0))}
        </FactRow>
        <FactRow label="Oldest">
          {oldest === undefined ? noValue : <Age at={oldest.createdAt} />}
        </FactRow>
      </Facts>
      <Facts title="Database">
        <FactRow label="Host">{database.hostName}</FactRow>
        <FactRow label="Container" stacked mono>
          {database.containerName}
        </FactRow>
      </Facts>
    </>
  )
}

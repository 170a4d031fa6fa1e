import { Switch } from '@mantine/core'
import { Link } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import { noValue } from '../../lib/format.ts'
import { useOfStats } from '../../lib/live-stats.ts'
import { Age } from '../../ui/Age.tsx'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { serverVersion } from './latest-stats.ts'
import { useSetProtection } from './mutations.ts'

/** What is fixed about a database: version, container, volume, protection. */
export function DatabaseFacts({
  database,
  engine,
}: {
  database: DatabaseView
  engine: EngineInfo | undefined
}) {
  const protect = useSetProtection()
  const exact = useOfStats(database.id, serverVersion)
  return (
    <>
      <Facts title="Database">
        <FactRow label="Engine">{engine?.label ?? database.engine}</FactRow>
        <FactRow label="Version">{exact ?? database.version}</FactRow>
        <FactRow label="Host">
          <Link href={`/hosts/${database.hostId}`}>{database.hostName}</Link>
        </FactRow>
        <FactRow label="Created">
          <Age at={database.createdAt} />
        </FactRow>
      </Facts>
      <Facts title="Container">
        <FactRow
          label="Name"
          stacked
          mono
          action={<CopyIcon copy={database.containerName} label="Copy container name" />}
        >
          {database.containerName}
        </FactRow>
        <FactRow
          label={database.volumeName.startsWith('/') ? 'Data folder' : 'Volume'}
          stacked
          mono
        >
          {database.volumeName}
        </FactRow>
        {database.status !== 'creating' && (
          <FactRow label="Log">
            <Link href={`/databases/${database.id}/log`}>Show log</Link>
          </FactRow>
        )}
        <FactRow label="Image" mono>
          {database.image}
        </FactRow>
        <FactRow label="Port">
          {database.port === null ? noValue : `${database.port}, loopback only`}
        </FactRow>
      </Facts>
      {database.status !== 'trash' && (
        <Facts title="Protection">
          <FactRow
            label="Deletion"
            action={
              <Switch
                aria-label="Deletion protection"
                checked={database.protected}
                disabled={protect.isPending}
                onChange={(event) => {
                  protect.mutate({ id: database.id, protected: event.currentTarget.checked })
                }}
              />
            }
          >
            {database.protected ? 'Locked' : 'Allowed'}
          </FactRow>
        </Facts>
      )}
    </>
  )
}

import { Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import type { EngineInfo } from '../../../shared/contract/engines.ts'
import { noValue } from '../../lib/format.ts'
import { Age } from '../../ui/Age.tsx'
import { CopyIcon } from '../../ui/CopyButton.tsx'
import { FactRow, Facts } from '../../ui/Facts.tsx'
import { useSetProtection } from './mutations.ts'
import { statsQuery } from './queries.ts'

/** What is fixed about a database: version, container, volume, protection. */
export function DatabaseFacts({
  database,
  engine,
}: {
  database: DatabaseView
  engine: EngineInfo | undefined
}) {
  const protect = useSetProtection()
  const stats = useQuery({ ...statsQuery(database.id), enabled: false }).data
  return (
    <>
      <Facts title="Database">
        <FactRow label="Engine">{engine?.label ?? database.engine}</FactRow>
        <FactRow label="Version">{stats?.serverVersion ?? database.version}</FactRow>
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

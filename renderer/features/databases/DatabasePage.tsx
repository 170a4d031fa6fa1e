import { Button } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import { IconDots, IconPlayerPlay, IconRefresh, IconSquare } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { isFloating } from '../../lib/keys.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { EngineIcon } from '../../ui/EngineIcon.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { Page, PageHeader } from '../../ui/Page.tsx'
import { PageWithout } from '../../ui/PageWithout.tsx'
import { enginesQuery } from '../engines/queries.ts'
import { ConnectionCard } from './ConnectionCard.tsx'
import { Credentials } from './Credentials.tsx'
import { DangerZone } from './DangerZone.tsx'
import { DatabaseDialogs, type DatabaseDialog } from './DatabaseDialogs.tsx'
import { DatabaseFacts } from './DatabaseFacts.tsx'
import { DatabaseHistory } from './DatabaseHistory.tsx'
import { DatabaseMenu } from './DatabaseMenu.tsx'
import { DatabaseNumbers } from './DatabaseNumbers.tsx'
import { DatabaseStateLine } from './DatabaseStateLine.tsx'
import { InTrash } from './InTrash.tsx'
import { copySecret, useDatabaseAct } from './mutations.ts'
import { databasesQuery } from './queries.ts'
import { useConnection } from './use-connection.ts'
import { useToggleTunnel } from './use-toggle-tunnel.ts'
import classes from './DatabasePage.module.css'

interface DatabasePageProps {
  id: DatabaseId
  /** The question it is opened with; the tray asks here before it stops a production database. */
  ask: 'stop' | 'restart' | null
}

/** One database: how to connect, how it is, and what can be done with it. */
export function DatabasePage({ id, ask }: DatabasePageProps) {
  const databases = useQuery(databasesQuery)
  const database = databases.data?.find((each) => each.id === id)
  if (database !== undefined) return <LoadedDatabase database={database} ask={ask} />
  return (
    <PageWithout
      title="Database"
      back="/databases"
      query={databases}
      gone="This database is not here any more"
    >
      It was purged, or its creation was taken back. Activity tells what happened.
    </PageWithout>
  )
}

function LoadedDatabase(props: { database: DatabaseView; ask: DatabasePageProps['ask'] }) {
  const { database, ask } = props
  const [, navigate] = useLocation()
  const engine = useQuery(enginesQuery).data?.find((each) => each.id === database.engine)
  const connection = useConnection(database)
  const [dialog, setDialog] = useState<DatabaseDialog | null>(null)
  const tunnels = useToggleTunnel()
  const trashed = database.status === 'trash'
  useHotkeys([
    [
      'mod+T',
      () => {
        tunnels.toggle(database)
      },
    ],
    [
      'mod+B',
      (event) => {
        if (!isFloating(event.target) && !trashed) navigate(`/backups/${database.id}/new`)
      },
    ],
  ])
  return (
    <Page
      production={database.environment === 'production'}
      header={
        <PageHeader
          title={database.name}
          back="/databases"
          icon={<EngineIcon path={engine?.icon} size={26} />}
          mark={<EnvironmentMark environment={database.environment} />}
          subtitle={<DatabaseStateLine database={database} />}
          actions={trashed ? undefined : <HeaderActions database={database} onAsk={setDialog} />}
        />
      }
      rail={<DatabaseFacts database={database} engine={engine} />}
    >
      {trashed ? (
        <InTrash database={database} onPurge={() => setDialog('purge')} />
      ) : (
        <>
          <ConnectionCard database={database} connection={connection} />
          <DatabaseNumbers database={database} />
          {isLive(database) && (
            <div className={classes.section}>
              <Credentials database={database} connection={connection} />
            </div>
          )}
        </>
      )}
      <DatabaseHistory database={database} />
      {!trashed && (
        <DangerZone
          database={database}
          onDelete={() => {
            setDialog('delete')
          }}
        />
      )}
      <DatabaseDialogs
        database={database}
        dialog={dialog ?? ask}
        onClose={() => {
          setDialog(null)
          if (ask !== null) navigate(`/databases/${database.id}`, { replace: true })
        }}
      />
    </Page>
  )
}

function HeaderActions(props: { database: DatabaseView; onAsk: (dialog: DatabaseDialog) => void }) {
  const { database, onAsk } = props
  const act = useDatabaseAct()
  const live = isLive(database)
  const busy = database.jobId !== null || act.isPending
  const asks = database.environment === 'production'
  const ask = (which: 'stop' | 'restart') => () => {
    if (asks) onAsk(which)
    else act.mutate({ act: which, database })
  }
  useHotkeys([['mod+Enter', () => !live && !busy && act.mutate({ act: 'start', database })]])
  const menu = (
    <DatabaseMenu database={database} onAsk={onAsk}>
      <IconButton label="More" framed large>
        <IconDots size={16} stroke={1.5} />
      </IconButton>
    </DatabaseMenu>
  )
  if (live) {
    return (
      <>
        <Button disabled={busy} leftSection={<IconRefresh stroke={1.5} />} onClick={ask('restart')}>
          {asks ? 'Restart…' : 'Restart'}
        </Button>
        <Button disabled={busy} leftSection={<IconSquare stroke={1.5} />} onClick={ask('stop')}>
          {asks ? 'Stop…' : 'Stop'}
        </Button>
        {menu}
        <CopyButton variant="filled" copy={copySecret(database.id, 'url')} label="Copy URL" />
      </>
    )
  }
  return (
    <>
      {menu}
      <Button
        variant="filled"
        disabled={busy || database.status === 'unknown' || database.status === 'creating'}
        leftSection={<IconPlayerPlay stroke={1.5} />}
        onClick={() => {
          act.mutate({ act: 'start', database })
        }}
      >
        Start
      </Button>
    </>
  )
}

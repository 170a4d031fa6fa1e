import { IconDots, IconPlayerPlay, IconSquare } from '@tabler/icons-react'
import { useState } from 'react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { isLive } from '../../lib/database-state.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { IconButton } from '../../ui/IconButton.tsx'
import { DatabaseDialogs, type DatabaseDialog } from './DatabaseDialogs.tsx'
import { DatabaseMenu } from './DatabaseMenu.tsx'
import { copySecret, useDatabaseAct } from './mutations.ts'
import classes from './DatabaseList.module.css'

/** What can be done with a row, on hover and on focus; nothing moves when it appears. */
export function DatabaseActions({ database }: { database: DatabaseView }) {
  const [dialog, setDialog] = useState<DatabaseDialog | null>(null)
  const act = useDatabaseAct()
  const live = isLive(database)
  const busy = database.jobId !== null || act.isPending
  const asks = database.environment === 'production'
  return (
    <div role="cell" className={classes.actions}>
      {live && <CopyButton size="xs" copy={copySecret(database.id, 'url')} label="Copy URL" />}
      {live ? (
        <IconButton
          label={asks ? `Stop ${database.name}…` : `Stop ${database.name}`}
          framed
          disabled={busy}
          onClick={() => {
            if (asks) setDialog('stop')
            else act.mutate({ act: 'stop', database })
          }}
        >
          <IconSquare size={14} stroke={1.6} />
        </IconButton>
      ) : (
        <IconButton
          label={`Start ${database.name}`}
          framed
          disabled={busy || database.status === 'unknown'}
          onClick={() => {
            act.mutate({ act: 'start', database })
          }}
        >
          <IconPlayerPlay size={14} stroke={1.6} />
        </IconButton>
      )}
      <DatabaseMenu database={database} opens onAsk={setDialog}>
        <IconButton label={`More for ${database.name}`} framed>
          <IconDots size={14} stroke={1.6} />
        </IconButton>
      </DatabaseMenu>
      <DatabaseDialogs
        database={database}
        dialog={dialog}
        onClose={() => {
          setDialog(null)
        }}
      />
    </div>
  )
}

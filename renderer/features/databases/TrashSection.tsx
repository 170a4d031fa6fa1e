import { Button } from '@mantine/core'
import { useState } from 'react'
import { Link } from 'wouter'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { trashKeeps } from '../../lib/database-state.ts'
import { Age, Day, Until } from '../../ui/Age.tsx'
import { Disclosure } from '../../ui/Disclosure.tsx'
import { EnvironmentMark } from '../../ui/EnvironmentMark.tsx'
import { DatabaseDialogs } from './DatabaseDialogs.tsx'
import { useDatabaseAct } from './mutations.ts'
import classes from './DatabaseList.module.css'

/** What was deleted and can still be brought back; folded. */
export function TrashSection({ databases }: { databases: readonly DatabaseView[] }) {
  return (
    <div className={classes.trash}>
      <Disclosure title={`Trash ${databases.length}`}>
        {databases.map((database) => (
          <TrashRow key={database.id} database={database} />
        ))}
      </Disclosure>
    </div>
  )
}

function TrashRow({ database }: { database: DatabaseView }) {
  const [purging, setPurging] = useState(false)
  const act = useDatabaseAct()
  const busy = database.jobId !== null
  const { deletedAt } = database
  return (
    <div className={classes.trashRow}>
      <Link href={`/databases/${database.id}`}>{database.name}</Link>
      <EnvironmentMark environment={database.environment} />
      <span>{database.hostName}</span>
      <span className={classes.trashFact}>
        {deletedAt !== null && (
          <>
            Deleted <Age at={deletedAt} />, to bring back until <Day at={deletedAt + trashKeeps} />,
            for another <Until at={deletedAt + trashKeeps} />
          </>
        )}
      </span>
      <Button
        size="xs"
        disabled={busy}
        onClick={() => {
          act.mutate({ act: 'undelete', database })
        }}
      >
        Undo
      </Button>
      <Button
        size="xs"
        disabled={busy}
        onClick={() => {
          setPurging(true)
        }}
      >
        Purge…
      </Button>
      <DatabaseDialogs
        database={database}
        dialog={purging ? 'purge' : null}
        onClose={() => {
          setPurging(false)
        }}
      />
    </div>
  )
}

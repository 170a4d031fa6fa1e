import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import { trashKeeps } from '../../lib/database-state.ts'
import { Day, Until } from '../../ui/Age.tsx'
import { useDatabaseAct } from './mutations.ts'
import classes from './DatabasePage.module.css'

/** The banner of a database in the trash: bring it back, or remove it for good. */
export function InTrash({ database, onPurge }: { database: DatabaseView; onPurge: () => void }) {
  const act = useDatabaseAct()
  const busy = database.jobId !== null || act.isPending
  const { deletedAt } = database
  return (
    <div className={classes.banner} role="status">
      <IconTrash size={18} stroke={1.5} />
      <div className={classes.bannerWords}>
        <div className={classes.bannerTitle}>{database.name} is in the trash</div>
        <div className={classes.bannerText}>
          Its data is kept.
          {deletedAt !== null && (
            <>
              {' '}
              It can be brought back until <Day at={deletedAt + trashKeeps} />, for another{' '}
              <Until at={deletedAt + trashKeeps} />.
            </>
          )}
        </div>
      </div>
      <Button disabled={busy} onClick={onPurge}>
        Purge…
      </Button>
      <Button
        variant="filled"
        disabled={busy}
        onClick={() => {
          act.mutate({ act: 'undelete', database })
        }}
      >
        Bring back
      </Button>
    </div>
  )
}

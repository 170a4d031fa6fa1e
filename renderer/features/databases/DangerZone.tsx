import { Button } from '@mantine/core'
import type { DatabaseView } from '../../../shared/contract/databases.ts'
import classes from './DatabasePage.module.css'

/** What ends a database, apart from everything else. */
export function DangerZone({
  database,
  onDelete,
}: {
  database: DatabaseView
  onDelete: () => void
}) {
  return (
    <section className={classes.section} aria-label="Danger zone">
      <h2 className={classes.title}>Danger zone</h2>
      <div className={classes.danger}>
        <div className={classes.dangerRow}>
          <div>
            <div className={classes.dangerTitle}>Delete {database.name}</div>
            <div className={classes.dangerText}>
              {database.protected
                ? 'Deletion protection is on. Lift it first, in Protection.'
                : 'The container stops. For 7 d it can be brought back from the trash, with its data.'}
            </div>
          </div>
          <Button disabled={database.protected || database.jobId !== null} onClick={onDelete}>
            Delete…
          </Button>
        </div>
      </div>
    </section>
  )
}

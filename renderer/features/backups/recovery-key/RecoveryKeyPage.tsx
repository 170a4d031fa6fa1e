import { useQuery } from '@tanstack/react-query'
import { Age } from '../../../ui/Age.tsx'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { FactRow, Facts } from '../../../ui/Facts.tsx'
import { LoadingRows } from '../../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { recoveryKeyQuery } from './queries.ts'
import { SaveRecoveryKey } from './SaveRecoveryKey.tsx'
import { ShowAgain } from './ShowAgain.tsx'
import classes from './RecoveryKey.module.css'

/** The one key that opens all encrypted backups: whether it is saved, and the way to save it again. */
export function RecoveryKeyPage() {
  const status = useQuery(recoveryKeyQuery)
  const savedAt = status.data?.savedAt ?? null
  return (
    <Page header={<PageHeader title="Recovery key" back="/backups/destinations" />}>
      <div className={classes.page}>
        {status.isError && <ErrorBox error={status.error} />}
        {status.isPending && <LoadingRows count={2} />}
        {status.data !== undefined && savedAt === null && <SaveRecoveryKey />}
        {savedAt !== null && (
          <>
            <Facts labelWidth={88}>
              <FactRow label="Saved">
                confirmed <Age at={savedAt} />
              </FactRow>
              <FactRow label="Opens">every encrypted backup, at every destination</FactRow>
              <FactRow label="Kept in">the keychain, and where you have saved it</FactRow>
            </Facts>
            <ShowAgain />
          </>
        )}
      </div>
    </Page>
  )
}

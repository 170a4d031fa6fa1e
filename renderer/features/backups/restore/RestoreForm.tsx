import { Button } from '@mantine/core'
import { useDebouncedValue, useHotkeys } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { BackupCopyView, BackupView } from '../../../../shared/contract/backups.ts'
import type { DatabaseView } from '../../../../shared/contract/databases.ts'
import type { HostView } from '../../../../shared/contract/hosts.ts'
import { restoredName } from '../../../../shared/names.ts'
import { sentenceOfError, wordsOfError } from '../../../lib/error-words.ts'
import { formatBytes, plural } from '../../../lib/format.ts'
import { Age } from '../../../ui/Age.tsx'
import { EnvironmentMark } from '../../../ui/EnvironmentMark.tsx'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { FactRow, Facts } from '../../../ui/Facts.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { RailEnd } from '../../../ui/RailEnd.tsx'
import { restorePlanQuery, useStartRestore } from './queries.ts'
import {
  nameFault,
  replacedId,
  replaces,
  sourceHost,
  targetOf,
  type RestoreValues,
} from './restore-form.ts'
import { RestorePlanPanel } from './RestorePlanPanel.tsx'
import { RestoreTargets } from './RestoreTargets.tsx'
import classes from './Restore.module.css'

interface RestoreFormProps {
  backup: BackupView
  copy: BackupCopyView
  hosts: readonly HostView[]
  databases: readonly DatabaseView[]
}

/** Into what it is restored, with the exact plan of it before anything is done. */
export function RestoreForm({ backup, copy, hosts, databases }: RestoreFormProps) {
  const [, navigate] = useLocation()
  const source = sourceHost(backup, hosts, databases)
  const [values, setValues] = useState<RestoreValues>(() => ({
    kind: source === null ? 'elsewhere' : 'beside',
    hostId: (source ?? hosts[0])?.id ?? '',
    name: restoredName(backup.databaseName, Date.now()),
    environment: backup.environment,
    databaseId: '',
    confirmName: '',
  }))
  const start = useStartRestore()
  const database = databases.find(({ id }) => id === backup.databaseId)
  const replaced = databases.find(({ id }) => id === replacedId(values, backup))
  const inPlace = replaces(values)

  const { id: backupId } = backup
  const { destinationId } = copy
  const [settled] = useDebouncedValue(values, 250)
  // The name that is typed as a confirmation changes no plan.
  const planned = targetOf({ ...settled, confirmName: '' }, backup)
  const wanted = targetOf({ ...values, confirmName: '' }, backup)
  const isPlanned = JSON.stringify(planned) === JSON.stringify(wanted)
  const plan = useQuery(
    restorePlanQuery(planned === null ? null : { backupId, destinationId, target: planned }),
  )
  const planError = plan.isError ? wordsOfError(plan.error) : null
  const startError = start.isError ? wordsOfError(start.error) : null
  const atName = [startError, planError].find((error) => /(^|\.)name$/.test(error?.field ?? ''))

  const target = targetOf(values, backup)
  const confirmed = !inPlace || (replaced !== undefined && values.confirmName === replaced.name)
  const fits = confirmed && nameFault(values) === undefined
  // What is begun is what the plan beside it tells.
  const ready = target !== null && fits && isPlanned && plan.isSuccess
  const submit = () => {
    if (!ready || start.isPending) return
    start.mutate(
      { backupId, destinationId, target },
      {
        onSuccess: ({ jobId }) => {
          navigate(`/backups/restored/${jobId}/${backupId}`, { replace: true })
        },
      },
    )
  }
  useHotkeys([['mod+Enter', submit]], [])
  const back = backup.databaseId === null ? '/backups/others' : `/backups/${backup.databaseId}`
  const production = (inPlace ? replaced?.environment : values.environment) === 'production'
  return (
    <Page
      production={production}
      railWidth={360}
      railTinted
      header={
        <PageHeader
          title={`Restore ${backup.databaseName}`}
          back={back}
          mark={<EnvironmentMark environment={backup.environment} />}
        />
      }
      rail={
        <>
          <RestorePlanPanel
            plan={plan.data ?? undefined}
            waiting={plan.isFetching}
            error={planError !== null && planError !== atName ? planError : null}
          />
          <RailEnd error={startError === atName ? null : startError}>
            <Button
              onClick={() => {
                navigate(back)
              }}
            >
              Cancel
            </Button>
            <Button
              type="submit"
              form="restore"
              variant="filled"
              disabled={!ready}
              loading={start.isPending}
              {...(inPlace && ready && classes.danger && { className: classes.danger })}
            >
              {inPlace ? `Replace ${replaced?.name ?? 'its data'}` : 'Restore into new database'}
            </Button>
          </RailEnd>
        </>
      }
    >
      <form
        id="restore"
        aria-label="Restore"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Facts title="Backup" labelWidth={88}>
          <FactRow label="Made">
            <Age at={backup.createdAt} />, on {backup.hostName}
          </FactRow>
          <FactRow label="Copy at">
            {copy.destinationName}
            {copy.encrypted && ', encrypted'}
          </FactRow>
          <FactRow label="Verified">
            {copy.verifiedAt === null ? 'never' : <Age at={copy.verifiedAt} />}
          </FactRow>
          <FactRow label="Holds">
            {formatBytes(backup.plainBytes)}, {plural(backup.tables, 'table')},{' '}
            {plural(backup.rows, 'row')}
          </FactRow>
        </Facts>
        {copy.problem !== null && (
          <div className={classes.problem}>
            <ErrorBox error={copy.problem} />
          </div>
        )}
        <RestoreTargets
          values={values}
          onChange={setValues}
          source={source}
          hosts={hosts}
          database={database}
          others={databases.filter(
            ({ id, engine, status }) =>
              id !== backup.databaseId && engine === backup.engine && status !== 'trash',
          )}
          replaced={replaced}
          nameError={
            nameFault(values) ??
            (atName === null || atName === undefined ? undefined : sentenceOfError(atName))
          }
        />
      </form>
    </Page>
  )
}

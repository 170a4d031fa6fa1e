import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import type { MethodOutput } from '../../../../shared/contract/index.ts'
import type { ScheduleView } from '../../../../shared/contract/schedules.ts'
import { ActionTable } from '../../../ui/ActionTable.tsx'
import { Confirm } from '../../../ui/Confirm.tsx'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { showDone } from '../../../ui/toasts.tsx'
import { destinationsQuery } from '../../destinations/queries.ts'
import { schedulesQuery, useRemoveSchedule, useSaveSchedule } from './queries.ts'
import { inputOf } from './schedule-form.ts'
import { WouldRemove } from './SchedulePreview.tsx'
import { ScheduleRow } from './ScheduleRow.tsx'
import classes from './Schedules.module.css'

/** When which databases are backed up by themselves. */
export function Schedules() {
  const [, navigate] = useLocation()
  const schedules = useQuery(schedulesQuery)
  const [removing, setRemoving] = useState<ScheduleView>()
  const [asking, setAsking] = useState<Asking>()
  const empty = schedules.data?.length === 0
  const add = (
    <Button
      variant="filled"
      leftSection={<IconPlus stroke={1.6} />}
      onClick={() => {
        navigate('/backups/schedules/new')
      }}
    >
      Add schedule
    </Button>
  )
  return (
    <Page
      header={<PageHeader title="Schedules" back="/backups" actions={empty ? undefined : add} />}
      padded={schedules.isError}
      {...(empty === false && {
        footer: 'Schedules run while Quayside is open, in the window or the tray.',
      })}
    >
      {schedules.isError && <ErrorBox error={schedules.error} />}
      {schedules.isPending && <LoadingRows />}
      {empty && (
        <EmptyState title="No schedules yet" action={add}>
          A schedule backs databases up by itself, also those that come later, and removes old
          backups as you say.
        </EmptyState>
      )}
      {schedules.data !== undefined && !empty && (
        <ActionTable
          label="Schedules"
          heads={['Name', 'Databases', 'Runs', 'Next', 'Last']}
          className={classes.table}
        >
          {schedules.data.map((schedule) => (
            <ScheduleRow
              key={schedule.id}
              schedule={schedule}
              onRemove={() => {
                setRemoving(schedule)
              }}
              onAsk={(preview) => {
                setAsking({ schedule, preview })
              }}
            />
          ))}
        </ActionTable>
      )}
      {asking !== undefined && (
        <TurnOn
          {...asking}
          onClose={() => {
            setAsking(undefined)
          }}
        />
      )}
      {removing !== undefined && (
        <RemoveSchedule
          schedule={removing}
          onClose={() => {
            setRemoving(undefined)
          }}
        />
      )}
    </Page>
  )
}

interface Asking {
  schedule: ScheduleView
  preview: MethodOutput<'schedules.preview'>
}

/** The dry run of a schedule that would remove backups once it is on. */
function TurnOn({ schedule, preview, onClose }: Asking & { onClose: () => void }) {
  const destinations = useQuery(destinationsQuery).data ?? []
  const save = useSaveSchedule()
  return (
    <Confirm
      title={`Turn on ${schedule.name}`}
      action="Turn on schedule"
      pending={save.isPending}
      error={save.error}
      proof={<WouldRemove preview={preview} destinations={destinations} />}
      onClose={onClose}
      onConfirm={() => {
        const input = { ...inputOf(schedule), enabled: true }
        save.mutate({ id: schedule.id, input }, { onSuccess: onClose })
      }}
    >
      Once it is on, backups that are there go after its next one, as no schedule keeps them.
    </Confirm>
  )
}

function RemoveSchedule(props: { schedule: ScheduleView; onClose: () => void }) {
  const { schedule, onClose } = props
  const remove = useRemoveSchedule()
  return (
    <Confirm
      title={`Remove ${schedule.name}`}
      action="Remove schedule"
      pending={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onConfirm={() => {
        remove.mutate(schedule.id, {
          onSuccess: () => {
            onClose()
            showDone(`${schedule.name} is removed`)
          },
        })
      }}
    >
      Nothing is backed up by it any more. Backups that it made stay, and no schedule removes old
      ones of them but another that keeps the same databases.
    </Confirm>
  )
}

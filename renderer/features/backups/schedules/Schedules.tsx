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
import { schedulesQuery, useLookWithout, useRemoveSchedule, useSaveSchedule } from './queries.ts'
import { inputOf, wouldRemove } from './schedule-form.ts'
import { WouldRemove } from './SchedulePreview.tsx'
import { ScheduleRow } from './ScheduleRow.tsx'
import classes from './Schedules.module.css'

/** When which databases are backed up by themselves. */
export function Schedules() {
  const [, navigate] = useLocation()
  const schedules = useQuery(schedulesQuery)
  const [removing, setRemoving] = useState<Asking>()
  const [asking, setAsking] = useState<Asking>()
  const look = useLookWithout()
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
                look.mutate(schedule, {
                  onSuccess: (preview) => {
                    setRemoving({ schedule, preview })
                  },
                })
              }}
              onAsk={(preview) => {
                setAsking({ schedule, preview })
              }}
            />
          ))}
        </ActionTable>
      )}
      {asking !== undefined && (
        <TurnSchedule
          {...asking}
          onClose={() => {
            setAsking(undefined)
          }}
        />
      )}
      {removing !== undefined && (
        <RemoveSchedule
          {...removing}
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

/** The dry run of a schedule where backups would go once it is on, or off. */
function TurnSchedule({ schedule, preview, onClose }: Asking & { onClose: () => void }) {
  const destinations = useQuery(destinationsQuery).data ?? []
  const save = useSaveSchedule()
  const enabled = !schedule.enabled
  const turn = enabled ? 'Turn on' : 'Turn off'
  return (
    <Confirm
      title={`${turn} ${schedule.name}`}
      action={`${turn} schedule`}
      pending={save.isPending}
      error={save.error}
      proof={<WouldRemove preview={preview} destinations={destinations} />}
      onClose={onClose}
      onConfirm={() => {
        const input = { ...inputOf(schedule), enabled }
        save.mutate({ id: schedule.id, input }, { onSuccess: onClose })
      }}
    >
      {enabled
        ? 'Once it is on, backups that are there go after its next one, as no schedule keeps them.'
        : `Once it is off, ${othersRemove}`}
    </Confirm>
  )
}

const othersRemove =
  'backups that are there go after the next one of another schedule, as no other schedule keeps them.'

function RemoveSchedule({ schedule, preview, onClose }: Asking & { onClose: () => void }) {
  const remove = useRemoveSchedule()
  const destinations = useQuery(destinationsQuery).data ?? []
  const loses = wouldRemove(preview)
  return (
    <Confirm
      title={`Remove ${schedule.name}`}
      action="Remove schedule"
      pending={remove.isPending}
      error={remove.error}
      {...(loses && { proof: <WouldRemove preview={preview} destinations={destinations} /> })}
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
      Nothing is backed up by it any more.{' '}
      {loses
        ? `Once it is gone, ${othersRemove}`
        : 'Backups that it made stay, and no schedule removes old ones of them but another that keeps the same databases.'}
    </Confirm>
  )
}

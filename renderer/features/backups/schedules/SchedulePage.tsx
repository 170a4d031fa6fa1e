import { useQuery } from '@tanstack/react-query'
import type { ScheduleId } from '../../../../shared/contract/schedules.ts'
import { EmptyState } from '../../../ui/EmptyState.tsx'
import { ErrorBox } from '../../../ui/ErrorBox.tsx'
import { LoadingRows } from '../../../ui/LoadingRows.tsx'
import { Page, PageHeader } from '../../../ui/Page.tsx'
import { destinationsQuery } from '../../destinations/queries.ts'
import { schedulesQuery } from './queries.ts'
import { emptySchedule, inputOf } from './schedule-form.ts'
import { ScheduleForm } from './ScheduleForm.tsx'

/** A new schedule, or the one with this id. */
export function SchedulePage({ id }: { id: ScheduleId | null }) {
  const destinations = useQuery(destinationsQuery)
  const schedules = useQuery(schedulesQuery)
  const schedule = schedules.data?.find((each) => each.id === id)
  const error = destinations.error ?? schedules.error
  if (destinations.data && schedules.data && (id === null || schedule !== undefined)) {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
    const usual = destinations.data.slice(0, 1).map((each) => each.id)
    return (
      <ScheduleForm
        key={id}
        id={id}
        first={schedule === undefined ? emptySchedule(timeZone, usual) : inputOf(schedule)}
        destinations={destinations.data}
      />
    )
  }
  return (
    <Page header={<PageHeader title="Schedule" back="/backups/schedules" />}>
      {error !== null && <ErrorBox error={error} />}
      {error === null && schedules.isPending && <LoadingRows />}
      {schedules.data !== undefined && id !== null && schedule === undefined && (
        <EmptyState title="This schedule is not here any more">It was removed.</EmptyState>
      )}
    </Page>
  )
}

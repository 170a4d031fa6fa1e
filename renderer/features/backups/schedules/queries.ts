import { queryOptions, useMutation } from '@tanstack/react-query'
import type { MethodInput } from '../../../../shared/contract/index.ts'
import type {
  ScheduleId,
  ScheduleInput,
  ScheduleView,
} from '../../../../shared/contract/schedules.ts'
import { call } from '../../../lib/call.ts'
import { plural } from '../../../lib/format.ts'
import { showDone, showError } from '../../../ui/toasts.tsx'
import { inputOf, wouldRemove } from './schedule-form.ts'

/** Every schedule with its next run. */
export const schedulesQuery = queryOptions({
  queryKey: ['schedules', 'list'],
  queryFn: () => call('schedules.list', {}),
})

/** When a schedule would run, and what its retention would remove; nothing is saved. */
export const schedulePreviewQuery = (input: MethodInput<'schedules.preview'> | null) =>
  queryOptions({
    queryKey: ['schedules', 'preview', input],
    queryFn: () => (input === null ? null : call('schedules.preview', input)),
    enabled: input !== null,
    staleTime: 10_000,
    gcTime: 60_000,
  })

/** Adds a schedule, or changes the one whose id is given. */
export function useSaveSchedule() {
  return useMutation({
    mutationFn: async ({ id, input }: { id: ScheduleId | null; input: ScheduleInput }) => {
      if (id === null) await call('schedules.create', input)
      else await call('schedules.update', { id, change: input })
    },
  })
}

/** Turns a schedule on or off. Where backups would go it stays as it is, and the dry run is the answer. */
export function useTurnSchedule(schedule: ScheduleView) {
  const { id } = schedule
  return useMutation({
    mutationFn: async (enabled: boolean) => {
      const change = { ...inputOf(schedule), enabled }
      const preview = await call('schedules.preview', { ...change, id })
      if (wouldRemove(preview)) return preview
      await call('schedules.update', { id, change })
      return null
    },
  })
}

/** What other schedules would remove without this one. */
export function useLookWithout() {
  return useMutation({
    mutationFn: (schedule: ScheduleView) =>
      call('schedules.preview', { ...inputOf(schedule), id: schedule.id, enabled: false }),
    onError: showError,
  })
}

export function useRemoveSchedule() {
  return useMutation({ mutationFn: (id: ScheduleId) => call('schedules.remove', { id }) })
}

/** Starts a backup of every database that a schedule takes in. */
export function useRunSchedule() {
  return useMutation({
    mutationFn: (id: ScheduleId) => call('schedules.runNow', { id }),
    onSuccess: ({ jobIds }) => {
      showDone(`${plural(jobIds.length, 'backup')} started`)
    },
    onError: showError,
  })
}

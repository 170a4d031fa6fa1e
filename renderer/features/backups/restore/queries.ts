import { queryOptions, useMutation } from '@tanstack/react-query'
import type { RestoreInput } from '../../../../shared/contract/restores.ts'
import { call } from '../../../lib/call.ts'

/** What a restore would do, as of now. */
export const restorePlanQuery = (input: RestoreInput | null) =>
  queryOptions({
    queryKey: ['backups', 'restore-plan', input],
    queryFn: () => (input === null ? null : call('restores.plan', input)),
    enabled: input !== null,
    staleTime: 10_000,
    gcTime: 60_000,
  })

export function useStartRestore() {
  return useMutation({ mutationFn: (input: RestoreInput) => call('restores.start', input) })
}

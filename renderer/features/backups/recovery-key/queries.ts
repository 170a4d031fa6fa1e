import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../../lib/call.ts'

/** Whether there is a recovery key and whether it is saved; only this window changes that. */
export const recoveryKeyQuery = queryOptions({
  queryKey: ['recovery-key'],
  queryFn: () => call('recoveryKey.status', {}),
  staleTime: 0,
})

/** Shows the key; its text is kept in no cache. */
export function useRevealRecoveryKey() {
  return useMutation({ mutationFn: () => call('recoveryKey.reveal', {}), gcTime: 0 })
}

/** Takes the whole key or its last group as the proof that it is saved. */
export function useConfirmRecoveryKey() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (text: string) => call('recoveryKey.confirm', { text }),
    onSuccess: (status) => {
      queries.setQueryData(recoveryKeyQuery.queryKey, status)
    },
  })
}

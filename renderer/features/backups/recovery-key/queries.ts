import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../../../lib/call.ts'
import { showDone, showError } from '../../../ui/toasts.tsx'

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

/** Puts the key on the clipboard for a minute, without passing it through the window. */
export function copyRecoveryKey(): Promise<unknown> {
  return call('recoveryKey.copy', {})
}

/** Writes the key to a file that the user chooses. */
export function useSaveRecoveryKeyFile() {
  return useMutation({
    mutationFn: () => call('recoveryKey.saveFile', {}),
    onSuccess: ({ saved }) => {
      if (saved) showDone('The recovery key is written; keep the file elsewhere')
    },
    onError: showError,
  })
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

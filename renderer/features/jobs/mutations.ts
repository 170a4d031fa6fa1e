import { useMutation } from '@tanstack/react-query'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { call } from '../../lib/call.ts'
import { showError } from '../../ui/toasts.tsx'

export function useCancelJob() {
  return useMutation({
    mutationFn: (id: JobId) => call('jobs.cancel', { id }),
    onError: showError,
  })
}

export function useRetryJob() {
  return useMutation({
    mutationFn: (id: JobId) => call('jobs.retry', { id }),
    onError: showError,
  })
}

import { useMutation } from '@tanstack/react-query'
import { call } from '../../lib/call.ts'
import { showError } from '../../ui/toasts.tsx'

/** Quits no more once what runs is done. */
export function useStay() {
  return useMutation({ mutationFn: () => call('app.stay', {}), onError: showError })
}

import { useMutation } from '@tanstack/react-query'
import type { MethodInput } from '../../../shared/contract/index.ts'
import { call } from '../../lib/call.ts'
import { plural } from '../../lib/format.ts'
import { showDone, showError } from '../../ui/toasts.tsx'

export function useAddDestination() {
  return useMutation({
    mutationFn: (input: MethodInput<'destinations.add'>) => call('destinations.add', input),
  })
}

export function useUpdateDestination() {
  return useMutation({
    mutationFn: (input: MethodInput<'destinations.update'>) => call('destinations.update', input),
  })
}

export function useRemoveDestination() {
  return useMutation({
    mutationFn: (input: MethodInput<'destinations.remove'>) => call('destinations.remove', input),
  })
}

/** Tries a destination; its steps come live as events of the same `checkId`. */
export function useCheckDestination() {
  return useMutation({
    mutationFn: (input: MethodInput<'destinations.check'>) => call('destinations.check', input),
  })
}

/** Gives a destination a new key for the backups to come. */
export function useRotateKey() {
  return useMutation({
    mutationFn: (input: MethodInput<'destinations.rotateKey'>) =>
      call('destinations.rotateKey', input),
  })
}

/** Opens a destination's backups with the recovery key of the installation that made them. */
export function useEnterRecoveryKey() {
  return useMutation({
    mutationFn: (input: MethodInput<'recoveryKey.enter'>) => call('recoveryKey.enter', input),
    gcTime: 0,
  })
}

/** Compares what is known with what lies at a destination, and says what came of it. */
export function useScanDestination() {
  return useMutation({
    mutationFn: (input: MethodInput<'backups.scan'>) => call('backups.scan', input),
    onSuccess: ({ backups, added, missing, unreadable }) => {
      const more = [
        added > 0 ? `${added} new here` : null,
        missing > 0 ? `${missing} missing there` : null,
        unreadable > 0 ? `${unreadable} not readable` : null,
      ].filter((part) => part !== null)
      showDone([`${plural(backups, 'backup')} found`, ...more].join(', '))
    },
    onError: showError,
  })
}

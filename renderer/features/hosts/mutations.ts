import { useMutation } from '@tanstack/react-query'
import type { MethodInput } from '../../../shared/contract/index.ts'
import { call } from '../../lib/call.ts'
import { showError } from '../../ui/toasts.tsx'

/** Walks the way to a host; its steps come live as events of the same `checkId`. */
export function useCheckHost() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.check'>) => call('hosts.check', input),
  })
}

/** Looks what would install Docker; changes nothing. */
export function usePlanDockerInstall() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.planDockerInstall'>) =>
      call('hosts.planDockerInstall', input),
  })
}

/** Runs a plan that was shown. */
export function useInstallDocker() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.installDocker'>) => call('hosts.installDocker', input),
  })
}

export function useCancelInstall() {
  return useMutation({
    mutationFn: (input: MethodInput<'jobs.cancel'>) => call('jobs.cancel', input),
    onError: showError,
  })
}

export function useRetryInstall() {
  return useMutation({
    mutationFn: (input: MethodInput<'jobs.retry'>) => call('jobs.retry', input),
    onError: showError,
  })
}

export function useAddHost() {
  return useMutation({ mutationFn: (input: MethodInput<'hosts.add'>) => call('hosts.add', input) })
}

export function useUpdateHost() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.update'>) => call('hosts.update', input),
  })
}

export function useReconnectHost() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.reconnect'>) => call('hosts.reconnect', input),
    onError: showError,
  })
}

export function useTrustNewKey() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.trustNewKey'>) => call('hosts.trustNewKey', input),
  })
}

export function useSetHostSecret() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.setSecret'>) => call('hosts.setSecret', input),
  })
}

export function useRemoveHost() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.remove'>) => call('hosts.remove', input),
  })
}

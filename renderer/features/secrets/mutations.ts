import { useMutation } from '@tanstack/react-query'
import type { MethodInput } from '../../../shared/contract/index.ts'
import { call } from '../../lib/call.ts'

export function useCreateVault() {
  return useMutation({
    mutationFn: (input: MethodInput<'secrets.createVault'>) => call('secrets.createVault', input),
  })
}

export function useUnlockVault() {
  return useMutation({
    mutationFn: (input: MethodInput<'secrets.unlockVault'>) => call('secrets.unlockVault', input),
  })
}

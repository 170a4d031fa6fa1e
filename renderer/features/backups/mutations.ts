import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { MethodInput } from '../../../shared/contract/index.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { call } from '../../lib/call.ts'
import { showDone, showError } from '../../ui/toasts.tsx'
import { tellEnd } from '../jobs/queries.ts'

export function useCreateBackup() {
  return useMutation({
    mutationFn: (input: MethodInput<'backups.create'>) => call('backups.create', input),
  })
}

/** Reads a copy back whole; says what came of it, also when the screen has changed. */
export function useVerifyCopy() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: MethodInput<'backups.verify'>) => call('backups.verify', input),
    onError: showError,
    onSuccess: ({ jobId }) =>
      tellEnd(queries, jobId, () => {
        showDone('The copy is whole: it was read back and compared')
      }),
  })
}

/** Restores a copy into a throw-away container; says what came of it, also when the screen has changed. */
export function useTestRestore() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: MethodInput<'backups.testRestore'>) => call('backups.testRestore', input),
    onSuccess: ({ jobId }) => {
      void tellEnd(queries, jobId, () => {
        showDone('The copy was restored, and every table has its rows')
      })
    },
  })
}

/** Dumps a database to a file; says when it is there, also when the screen has changed. */
export function useExportFile() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (input: MethodInput<'transfers.exportFile'>) => call('transfers.exportFile', input),
    onSuccess: ({ jobId }, { path }) => {
      void tellEnd(queries, jobId, () => {
        showDone(`Exported to ${path}`)
      })
    },
  })
}

export function useRemoveCopy() {
  return useMutation({
    mutationFn: (input: MethodInput<'backups.remove'>) => call('backups.remove', input),
  })
}

export function useCancelBackup() {
  return useMutation({ mutationFn: (id: JobId) => call('jobs.cancel', { id }), onError: showError })
}

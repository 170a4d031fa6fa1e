import { queryOptions, useMutation } from '@tanstack/react-query'
import type { ImportFileRequest } from '../../../../shared/contract/transfers.ts'
import { call } from '../../../lib/call.ts'

/** What the import of a file would do, as of now; null while something is missing. */
export const filePlanQuery = (input: ImportFileRequest | null) =>
  queryOptions({
    queryKey: ['databases', 'file-plan', input],
    queryFn: () => (input === null ? null : call('transfers.planFile', input)),
    enabled: input !== null,
    staleTime: 10_000,
    gcTime: 60_000,
  })

export function useImportFile() {
  return useMutation({
    mutationFn: (input: ImportFileRequest) => call('transfers.importFile', input),
  })
}

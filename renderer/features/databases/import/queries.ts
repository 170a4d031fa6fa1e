import { queryOptions, useMutation } from '@tanstack/react-query'
import type {
  ImportFileRequest,
  ImportServerRequest,
} from '../../../../shared/contract/transfers.ts'
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

/** Logs in to a server elsewhere, when asked; the connection string is kept in no cache. */
export function usePlanServer() {
  return useMutation({
    mutationFn: (input: ImportServerRequest) => call('transfers.planServer', input),
    gcTime: 0,
  })
}

/** Begins an import, of a file or of a server. */
export function useStartImport() {
  return useMutation({
    mutationFn: (input: ImportFileRequest | ImportServerRequest) =>
      'path' in input ? call('transfers.importFile', input) : call('transfers.importServer', input),
    gcTime: 0,
  })
}

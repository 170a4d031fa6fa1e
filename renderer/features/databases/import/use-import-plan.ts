import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import {
  importFileSchema,
  importServerSchema,
  type ImportFileRequest,
  type ImportPlan,
  type ImportServerRequest,
} from '../../../../shared/contract/transfers.ts'
import { wordsOfError } from '../../../lib/error-words.ts'
import type { ErrorData } from '../../../../shared/errors.ts'
import type { CreateValues } from '../use-create-form.ts'
import { filePlanQuery, usePlanServer } from './queries.ts'

/** Where a database is imported from, as it is filled in. */
export type ImportSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'server'; readonly url: string }

interface Planned {
  plan: ImportPlan | undefined
  waiting: boolean
  error: ErrorData | null
  /** What can be begun now: the plan is of exactly this. */
  request: ImportFileRequest | ImportServerRequest | null
  /** Looks at the server; null where something is missing, or a file is looked at by itself. */
  look: (() => void) | null
}

/** The plan of an import: of a file as one types, of a server only when it is asked for. */
export function useImportPlan(source: ImportSource, values: CreateValues): Planned {
  const path = source.kind === 'file' ? source.path.trim() : ''
  const given = useMemo(() => ({ ...values, path }), [values, path])
  const [settled] = useDebouncedValue(given, 250)
  const asked = importFileSchema.safeParse(settled)
  const file = useQuery(filePlanQuery(asked.success ? asked.data : null))
  const server = usePlanServer()

  const url = source.kind === 'server' ? source.url : ''
  const { hostId, engine, version, name, environment } = values
  const { reset } = server
  // A plan of something else than what stands there would be a wrong one.
  useEffect(reset, [reset, url, hostId, engine, version, name, environment])

  if (source.kind === 'file') {
    const planned = settled === given && file.isSuccess && !file.isFetching
    return {
      plan: file.data ?? undefined,
      waiting: file.isFetching,
      error: file.isError ? wordsOfError(file.error) : null,
      request: planned && asked.success ? asked.data : null,
      look: null,
    }
  }
  const wanted = importServerSchema.safeParse({ ...values, connectionString: url })
  return {
    plan: server.data,
    waiting: server.isPending,
    error: server.isError ? wordsOfError(server.error) : null,
    request: wanted.success && server.isSuccess ? wanted.data : null,
    look: wanted.success
      ? () => {
          server.mutate(wanted.data)
        }
      : null,
  }
}

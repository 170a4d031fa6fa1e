import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { DatabaseId, DatabaseView } from '../../../shared/contract/databases.ts'
import type { MethodInput } from '../../../shared/contract/index.ts'
import type { JobId } from '../../../shared/contract/jobs.ts'
import { call } from '../../lib/call.ts'
import { showDone, showError, showUndo } from '../../ui/toasts.tsx'
import { tellEnd } from '../jobs/queries.ts'

export function useCreateDatabase() {
  return useMutation({
    mutationFn: (input: MethodInput<'databases.create'>) => call('databases.create', input),
  })
}

type SimpleAct = 'start' | 'stop' | 'restart' | 'undelete'

const acts = {
  start: { method: 'databases.start', done: 'runs' },
  stop: { method: 'databases.stop', done: 'is stopped' },
  restart: { method: 'databases.restart', done: 'runs again' },
  undelete: { method: 'databases.undelete', done: 'is back from the trash' },
} as const

/** Starts, stops, restarts or brings back; says what came of it, also when the screen has changed. */
export function useDatabaseAct() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ act, database }: { act: SimpleAct; database: DatabaseView }) =>
      call(acts[act].method, { id: database.id }),
    onError: showError,
    onSuccess: ({ jobId }, { act, database }) =>
      tellEnd(queries, jobId, () => {
        const words = `${database.name} ${acts[act].done}`
        if (act === 'stop') {
          showUndo(words, () => {
            call('databases.start', { id: database.id }).catch(showError)
          })
        } else showDone(words)
      }),
  })
}

/** Moves a database to the trash and offers to undo it. */
export function useDeleteDatabase() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ database, typed }: { database: DatabaseView; typed: string }) =>
      call('databases.delete', { id: database.id, confirmName: typed }),
    onSuccess: ({ jobId }, { database }) => {
      void tellEnd(queries, jobId, () => {
        const undo = () => {
          call('databases.undelete', { id: database.id }).catch(showError)
        }
        showUndo(`${database.name} is in the trash for 7 d`, undo, 'trash')
      })
    },
  })
}

/** Removes a database in the trash for good. */
export function usePurgeDatabase() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ database, typed }: { database: DatabaseView; typed: string }) =>
      call('databases.purge', { id: database.id, confirmName: typed }),
    onSuccess: ({ jobId }, { database }) => {
      void tellEnd(queries, jobId, () => {
        showDone(`${database.name} and its data are gone`)
      })
    },
  })
}

export function useSetProtection() {
  return useMutation({
    mutationFn: (input: MethodInput<'databases.setProtection'>) =>
      call('databases.setProtection', input),
    onError: showError,
  })
}

export function useCancelJob() {
  return useMutation({ mutationFn: (id: JobId) => call('jobs.cancel', { id }), onError: showError })
}

export function useRetryJob() {
  return useMutation({ mutationFn: (id: JobId) => call('jobs.retry', { id }), onError: showError })
}

export function useReconnectHost() {
  return useMutation({
    mutationFn: (input: MethodInput<'hosts.reconnect'>) => call('hosts.reconnect', input),
    onError: showError,
  })
}

export function useOpenTunnel() {
  return useMutation({
    mutationFn: (databaseId: DatabaseId) => call('tunnels.open', { databaseId }),
    onError: showError,
  })
}

export function useCloseTunnel() {
  return useMutation({
    mutationFn: (databaseId: DatabaseId) => call('tunnels.close', { databaseId }),
    onError: showError,
  })
}

/** Puts a secret thing on the clipboard without it passing through the window. */
export function copySecret(
  id: DatabaseId,
  what: MethodInput<'databases.copy'>['what'],
): () => Promise<unknown> {
  return () => call('databases.copy', { id, what })
}

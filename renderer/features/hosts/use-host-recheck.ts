import { useState } from 'react'
import type { HostCheck, HostView } from '../../../shared/contract/hosts.ts'
import { useHostCheck } from '../../lib/live.ts'
import { useCheckHost } from './mutations.ts'

/** The check of a host that is already there. */
export interface HostRecheck {
  run(more: { secret?: string; acceptHostKey?: string }): void
  pending: boolean
  /** The steps as last told; undefined before the first check. */
  check: HostCheck | undefined
  asked: boolean
  endedAt: number | null
  error: Error | null
}

/** Walks the way to a known host again, on request. */
export function useHostRecheck({ id: hostId, connection }: HostView): HostRecheck {
  const mutation = useCheckHost()
  const [checkId, setCheckId] = useState<string | null>(null)
  const [endedAt, setEndedAt] = useState<number | null>(null)
  const live = useHostCheck(checkId)
  return {
    run(more) {
      const id = crypto.randomUUID()
      setCheckId(id)
      setEndedAt(null)
      mutation.mutate(
        { checkId: id, hostId, connection, ...more },
        {
          onSettled: () => {
            setEndedAt(Date.now())
          },
        },
      )
    },
    pending: mutation.isPending,
    check: mutation.data?.checkId === checkId ? mutation.data : live,
    asked: checkId !== null,
    endedAt,
    error: mutation.error,
  }
}

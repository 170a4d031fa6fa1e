import type { HostId, HostStatus } from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError } from '../../../shared/errors.ts'
import type { Host } from '../ports.ts'
import type { HostRegistry } from './host-registry.ts'

export interface HostCall {
  id: HostId
  /** For all of it, milliseconds. */
  withinMs: number
  signal?: AbortSignal | undefined
}

/**
 * Asks a host something that someone waits for. Waits for a connection that is being made, never for a
 * host that is lost or a Docker that does not answer: these are told at once.
 *
 * @throws QuaysideError what is wrong with the host; `host_unreachable` when the time is up
 */
export async function callHost<T>(
  registry: HostRegistry,
  { id, withinMs, signal }: HostCall,
  work: (host: Host, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const host = registry.get(id)
  const limit = AbortSignal.timeout(withinMs)
  const within = signal === undefined ? limit : AbortSignal.any([signal, limit])
  const silent = (): QuaysideError =>
    new QuaysideError('host_unreachable', `${registry.record(id).name} does not answer.`, {
      hint: 'Quayside tries again by itself. Check the network and the host.',
      detail: `no answer within ${withinMs / 1000} s`,
    })
  const trouble = new AbortController()
  const judge = ({ state, error }: HostStatus): void => {
    if (state !== 'lost' && (state !== 'degraded' || error === null)) return
    trouble.abort(error === null ? silent() : fromErrorData(error))
  }
  try {
    const stop = host.onStatus(judge)
    try {
      judge(host.status)
      await host.ready(AbortSignal.any([trouble.signal, within]))
    } finally {
      stop()
    }
    return await work(host, within)
  } catch (thrown) {
    if (limit.aborted && signal?.aborted !== true && thrown === limit.reason) throw silent()
    throw thrown
  }
}

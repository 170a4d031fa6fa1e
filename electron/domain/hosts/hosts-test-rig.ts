import type { HostStatus } from '../../../shared/contract/hosts.ts'
import { connectingStatus } from '../../../shared/host-status.ts'
import type { Host } from '../ports.ts'

/** For tests: a host with this status that is never called, and counts how often it is tried anew. */
export interface TestHost extends Host {
  tries: number
}

export function testHost(status: Partial<HostStatus>): TestHost {
  return {
    status: { ...connectingStatus(0), ...status },
    tries: 0,
    onStatus: () => () => undefined,
    docker: () => {
      throw new Error('not asked for this')
    },
    forward: never,
    reach: never,
    exec: never,
    stream: never,
    bulk: never,
    ready: never,
    reconnect() {
      this.tries += 1
    },
    hasten: () => undefined,
    close: () => Promise.resolve(),
  }
}

function never(): Promise<never> {
  return Promise.reject(new Error('not asked for this'))
}

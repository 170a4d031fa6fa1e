import { expect, it } from 'vitest'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import { someHost, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { createHostRegistry } from './host-registry.ts'
import { testHost } from './hosts-test-rig.ts'

const never = () => Promise.reject(new Error('not asked for this'))

it.each([
  ['ready', null, 1],
  ['lost', 'host_unreachable', 1],
  ['degraded', 'docker_down', 1],
  ['refused', 'login_refused', 0],
  ['refused', 'docker_denied', 0],
  ['refused', 'host_key_unknown', 0],
  ['key-changed', 'host_key_changed', 0],
  ['refused', 'agent_unavailable', 1],
  ['refused', 'keychain_locked', 1],
] satisfies [HostStatus['state'], ErrorCode | null, number][])(
  'a host that is %s by %s is tried %i times when the network changes or the computer wakes',
  (state, code, tries) => {
    using folder = temporaryFolder()
    const stores = openStores({ file: `${folder.path}/quayside.db`, clock: standingClock() })
    const record = someHost()
    stores.hosts.insert(record)
    const facts = { unread: 'vault_locked' }
    const host = testHost({ state, error: code && { code, message: 'It did not work.', facts } })
    const registry = createHostRegistry({
      stores,
      publish: () => undefined,
      connector: {
        open: () => host,
        check: never,
        runner: never,
        suggestions: never,
        trustHostKey: never,
      },
    })
    registry.openAll()
    stores.close()
    registry.probeAll()
    expect(host.tries).toBe(tries)
  },
)

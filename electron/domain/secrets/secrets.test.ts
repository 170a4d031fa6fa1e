import { expect, it } from 'vitest'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import type { ErrorCode } from '../../../shared/errors.ts'
import { someHost, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { createHostRegistry } from '../hosts/host-registry.ts'
import { testHost } from '../hosts/hosts-test-rig.ts'
import { createSecretsService } from './secrets.ts'

const never = () => Promise.reject(new Error('not asked for this'))

interface Refusal {
  code: ErrorCode
  facts?: Record<string, string>
}

/** Hosts that were refused for these reasons, beside a keychain or vault in a given state. */
function rig(...refusals: readonly Refusal[]) {
  using folder = temporaryFolder()
  const stores = openStores({ file: `${folder.path}/quayside.db`, clock: standingClock() })
  const records = refusals.map(({ code }) => someHost({ name: code }))
  for (const record of records) stores.hosts.insert(record)
  const hosts = new Map(
    refusals.map((refusal) => [
      refusal.code as string,
      testHost({ state: 'refused', error: { message: 'It did not work.', ...refusal } }),
    ]),
  )
  const registry = createHostRegistry({
    stores,
    publish: () => undefined,
    connector: {
      open: ({ name }) => hosts.get(name) ?? testHost({}),
      check: never,
      runner: never,
      suggestions: never,
      trustHostKey: never,
    },
  })
  registry.openAll()
  stores.close()
  let status: SecretsStatus = { place: 'vault', state: 'locked', error: null }
  const open = () => {
    status = { place: 'vault', state: 'ready', error: null }
    return Promise.resolve()
  }
  const service = createSecretsService({
    secrets: {
      status: () => Promise.resolve(status),
      get: never,
      set: never,
      delete: never,
      createVault: open,
      unlockVault: open,
      settle: never,
    },
    publish: () => undefined,
    onReady: registry.secretsReady,
  })
  const tried = () => [...hosts].filter(([, host]) => host.tries > 0).map(([code]) => code)
  return { service, open, tried }
}

it.each(['unlockVault', 'createVault'] as const)(
  'after %s the hosts that waited for their secret are tried again, and no other',
  async (method) => {
    const { service, tried } = rig(
      { code: 'vault_locked' },
      { code: 'keychain_unavailable' },
      { code: 'docker_denied' },
      { code: 'login_refused', facts: { unread: 'vault_locked' } },
    )
    await service.status({})
    expect(tried()).toEqual([])
    await service[method]({ passphrase: 'a passphrase' })
    expect(tried()).toEqual(['vault_locked', 'keychain_unavailable', 'login_refused'])
  },
)

it('a keychain that is found open by a look at it lets its hosts go on', async () => {
  const { service, open, tried } = rig({ code: 'keychain_locked' })
  await open()
  await service.status({})
  expect(tried()).toEqual(['keychain_locked'])
})

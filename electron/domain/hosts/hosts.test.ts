import { expect, it, onTestFinished } from 'vitest'
import {
  checkSteps,
  type CheckStepName,
  type HostConnection,
  type HostStatus,
} from '../../../shared/contract/hosts.ts'
import type { SecretsStatus } from '../../../shared/contract/secrets.ts'
import { someHost, standingClock, temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import { openStores } from '../../adapters/sqlite/index.ts'
import { secretKeys, type HostCheckRequest } from '../ports.ts'
import { createHostRegistry } from './host-registry.ts'
import { createHosts } from './hosts.ts'
import { testHost } from './hosts-test-rig.ts'
import { installDockerJob } from './install-docker.ts'
import { silentLog } from '../silent-log.ts'

const never = () => Promise.reject(new Error('not asked for this'))
const ssh = { kind: 'ssh', address: 'harbour.example.org', port: 22, user: 'root' } as const
const byPassword: HostConnection = { ...ssh, login: { kind: 'password' } }
const ready: SecretsStatus = { place: 'keychain', state: 'ready', error: null }
const noKeychain: SecretsStatus = {
  place: 'keychain',
  state: 'absent',
  error: { code: 'keychain_unavailable', message: 'There is no keychain.' },
}

interface Given {
  connection?: HostConnection
  keychain?: SecretsStatus
}

/** A host that is kept, with the password “old”; a check of it fails at a step, or at none. */
function rig(
  status: Partial<HostStatus>,
  failsAt: CheckStepName | null = null,
  { connection = byPassword, keychain = ready }: Given = {},
) {
  const folder = temporaryFolder()
  const clock = standingClock()
  const stores = openStores({ file: `${folder.path}/quayside.db`, clock })
  onTestFinished(() => {
    stores.close()
    folder[Symbol.dispose]()
  })
  const record = someHost({ connection })
  stores.hosts.insert(record)
  const host = testHost(status)
  const walks: HostCheckRequest[] = []
  const written: string[] = []
  const deleted: string[] = []
  const connector = {
    open: () => host,
    check: (request: HostCheckRequest) => {
      walks.push(request)
      const at = failsAt === null ? checkSteps.length : checkSteps.indexOf(failsAt)
      return Promise.resolve({
        checkId: request.checkId,
        ok: failsAt === null,
        unknownKey: null,
        steps: checkSteps.map((name, n) => ({
          name,
          state: n < at ? ('done' as const) : n === at ? ('failed' as const) : ('not-run' as const),
          title: name,
          fact: null,
          ms: null,
          error: null,
        })),
      })
    },
    runner: never,
    suggestions: never,
    trustHostKey: never,
  }
  const publish = () => undefined
  const registry = createHostRegistry({ stores, publish, connector })
  registry.openAll()
  const hosts = createHosts({
    stores,
    clock,
    publish,
    connector,
    registry,
    log: silentLog,
    secrets: {
      get: () => Promise.resolve('old'),
      set: (_key, value) => {
        written.push(value)
        return Promise.resolve()
      },
      status: () => Promise.resolve(keychain),
      delete: (key) => {
        deleted.push(key)
        return Promise.resolve()
      },
      createVault: never,
      unlockVault: never,
      settle: never,
    },
    probePort: never,
    recognise: () => null,
    jobs: { enqueue: () => expect.unreachable() },
    installDocker: installDockerJob({ stores, clock, connector, registry, loginSecret: never }),
    asksHosts: () => false,
  })
  const check = (secret?: string) =>
    hosts.check({
      checkId: 'x',
      hostId: record.id,
      connection: byPassword,
      ...(secret !== undefined && { secret }),
    })
  const remove = () => hosts.remove({ id: record.id })
  const isKept = () => stores.hosts.get(record.id) !== null
  return { record, host, check, walks, written, remove, deleted, isKept }
}

it('a password that gets in while its refusal is looked into is kept, and the host connects', async () => {
  const { host, check, walks, written } = rig({ state: 'refused' }, null)
  await check('new')
  expect(walks).toMatchObject([{ secret: 'new' }])
  expect(written).toEqual(['new'])
  expect(host.tries).toBe(1)
})

it('a password that gets in is kept also where Docker is missing behind it', async () => {
  const { host, check, written } = rig({ state: 'refused' }, 'docker')
  await check('new')
  expect(written).toEqual(['new'])
  expect(host.tries).toBe(1)
})

it('a password that is refused is not kept, nor tried again', async () => {
  const { host, check, written } = rig({ state: 'refused' }, 'login')
  await check('wrong')
  expect(written).toEqual([])
  expect(host.tries).toBe(0)
})

it('a host that was mended connects once a check has found it well', async () => {
  const { host, check, walks, written } = rig({ state: 'refused' }, null)
  await check()
  expect(walks).toMatchObject([{ secret: 'old' }])
  expect(written).toEqual([])
  expect(host.tries).toBe(1)
})

it('a check of a host that is ready leaves its connection alone', async () => {
  const { host, check } = rig({ state: 'ready' }, null)
  await check()
  expect(host.tries).toBe(0)
})

it('a host that is removed leaves no secret behind', async () => {
  const { record, remove, deleted, isKept } = rig({})
  await remove()
  expect(isKept()).toBe(false)
  expect(deleted).toEqual([secretKeys.hostLogin(record.id)])
})

it('a host by key is removed also where there is no keychain', async () => {
  const connection: HostConnection = { ...ssh, login: { kind: 'key', path: '~/.ssh/id' } }
  const { remove, deleted, isKept } = rig({}, null, { connection, keychain: noKeychain })
  await remove()
  expect(isKept()).toBe(false)
  expect(deleted).toEqual([])
})

it('a host by password stays until its password can be deleted with it', async () => {
  const { remove, isKept } = rig({}, null, { keychain: noKeychain })
  await expect(remove()).rejects.toMatchObject({ code: 'keychain_unavailable' })
  expect(isKept()).toBe(true)
})

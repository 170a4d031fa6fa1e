import { expect, it } from 'vitest'
import type { HostConnection } from '../../../shared/contract/hosts.ts'
import { QuaysideError, type ErrorCode } from '../../../shared/errors.ts'
import { someHost } from '../../adapters/sqlite/fixtures.ts'
import { secretKeys } from '../ports.ts'
import { readLoginSecret } from './login-secret.ts'

const ssh = { kind: 'ssh', address: 'harbour.example.org', port: 22, user: 'root' } as const
const byKey: HostConnection = { ...ssh, login: { kind: 'key', path: '~/.ssh/id_ed25519' } }
const byAgent: HostConnection = { ...ssh, login: { kind: 'agent' } }
const byPassword: HostConnection = { ...ssh, login: { kind: 'password' } }
const byName: HostConnection = { kind: 'ssh-config', alias: 'harbour' }

const read = (connection: HostConnection, get: () => Promise<string | null>) =>
  readLoginSecret({ get }, someHost({ connection }))
const failing = (code: ErrorCode) => () =>
  Promise.reject(new QuaysideError(code, 'It could not be read.'))

it('is what the keychain has, and none where it has none', async () => {
  const record = someHost({ connection: byKey })
  const asked: string[] = []
  const get = (key: string) => {
    asked.push(key)
    return Promise.resolve('treasure')
  }
  expect(await readLoginSecret({ get }, record)).toEqual({ secret: 'treasure' })
  expect(asked).toEqual([secretKeys.hostLogin(record.id)])
  expect(await read(byPassword, () => Promise.resolve(null))).toEqual({ secret: undefined })
})

it.each([byKey, byName])('may be missing for a login that may need none: %o', async (by) => {
  for (const code of ['keychain_unavailable', 'keychain_locked', 'vault_locked'] as const) {
    expect(await read(by, failing(code))).toMatchObject({ unread: { code } })
  }
  await expect(read(by, failing('internal'))).rejects.toMatchObject({ code: 'internal' })
})

it('is needed for a login by password', async () => {
  const refused = read(byPassword, failing('vault_locked'))
  await expect(refused).rejects.toMatchObject({ code: 'vault_locked' })
})

it('is not asked for by a login by agent, nor by this computer', async () => {
  for (const by of [byAgent, { kind: 'local', socketPath: '/run/docker.sock' } as const]) {
    expect(await read(by, () => expect.unreachable())).toEqual({})
  }
})

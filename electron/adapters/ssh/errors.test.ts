import { describe, expect, it } from 'vitest'
import type { HostConnection } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { forWantOfSecret } from './errors.ts'

const unread = new QuaysideError('vault_locked', 'The vault is locked.', { hint: 'Unlock it.' })
const refused = new QuaysideError('login_refused', 'It refused.', { hint: 'Add your key.' })
const locked = new QuaysideError('passphrase_needed', 'The key is locked.')
const byName: HostConnection = { kind: 'ssh-config', alias: 'harbour' }
const byKey: HostConnection = {
  kind: 'ssh',
  address: 'harbour.example.org',
  port: 22,
  user: 'root',
  login: { kind: 'key', path: '~/.ssh/id_ed25519' },
}

describe('a login that failed while its secret could not be read', () => {
  it('by a locked key is told by what kept the passphrase away', () => {
    expect(forWantOfSecret(locked, { connection: byKey, unread })).toBe(unread)
    expect(forWantOfSecret(locked, { connection: byName, unread })).toBe(unread)
  })

  it('by a name that may have a password is told with it', () => {
    expect(forWantOfSecret(refused, { connection: byName, unread })).toMatchObject({
      code: 'login_refused',
      message: 'It refused.',
      hint: 'The vault is locked. Unlock it. Add your key.',
      facts: { unread: 'vault_locked' },
    })
  })

  it('by a key that was read is told as it is', () => {
    expect(forWantOfSecret(refused, { connection: byKey, unread })).toBe(refused)
  })

  it('is told as it is where nothing was left unread', () => {
    expect(forWantOfSecret(locked, { connection: byKey })).toBe(locked)
    expect(forWantOfSecret(refused, { connection: byName })).toBe(refused)
  })
})

import { expect, it } from 'vitest'
import { fingerprintCommand, fingerprintGroups, keyTypeLabel } from './fingerprint.ts'

const fingerprint = 'SHA256:uX3q8vTnLm0cWzRd7YbK1pEsJf6gHa9tQw2oNr5iDk4'

it('groups a fingerprint by four without losing a character', () => {
  const { prefix, groups } = fingerprintGroups(fingerprint)
  expect(prefix).toBe('SHA256:')
  expect(groups).toHaveLength(11)
  expect(prefix + groups.join('')).toBe(fingerprint)
})

it('names the command for the type of the key', () => {
  expect(fingerprintCommand('ssh-ed25519')).toBe('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')
  expect(fingerprintCommand('ecdsa-sha2-nistp256')).toContain('ssh_host_ecdsa_key.pub')
})

it('shows the name of a type it does not know as it is', () => {
  expect(keyTypeLabel('ssh-new')).toBe('ssh-new')
})

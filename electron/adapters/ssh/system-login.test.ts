import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { commonWords, quotePath } from './system-login.ts'
import { someTarget } from './target-fixture.ts'

describe('a path as a value in ssh config', () => {
  it.each([
    ['/home/ada/my keys/id', '"/home/ada/my keys/id"'],
    ['/home/ada/100%/id', '"/home/ada/100%%/id"'],
    ['/home/ada/back\\slash', '"/home/ada/back\\slash"'],
  ])('%s', (path, quoted) => {
    expect(quotePath(path, false)).toBe(quoted)
  })

  // ssh takes a backslash before some letters for the sign that they stand for themselves.
  it.each([
    ['C:\\Users\\Ada L\\.ssh\\id', '"C:/Users/Ada L/.ssh/id"'],
    ['\\\\.\\pipe\\openssh-ssh-agent', '"//./pipe/openssh-ssh-agent"'],
  ])('on Windows: %s', (path, quoted) => {
    expect(quotePath(path, true)).toBe(quoted)
  })
})

it('options of ssh config with blanks in them are one value each', () => {
  const sshOptions = [
    'certificatefile=/home/ada l/100%/id-cert.pub',
    'pkcs11provider=/opt/open sc/100%.so',
    'securitykeyprovider=internal',
    'gssapiauthentication=yes',
  ]
  const words = commonWords(someTarget({ sshOptions }), 22, '/known', 'yes')
  expect(words.slice(-7).filter((word) => word !== '-o')).toEqual([
    'certificatefile="/home/ada l/100%%/id-cert.pub"',
    'pkcs11provider="/opt/open sc/100%.so"',
    'securitykeyprovider="internal"',
    'gssapiauthentication=yes',
  ])
  // As OpenSSH itself reads it.
  const read = execFileSync('ssh', ['-G', ...words, 'anywhere']).toString()
  expect(read).toContain('certificatefile /home/ada l/100%%/id-cert.pub\n')
  expect(read).toContain('pkcs11provider /opt/open sc/100%.so\n')
})

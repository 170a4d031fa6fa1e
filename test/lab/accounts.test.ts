import { expect, it } from 'vitest'
import { withAccounts } from './accounts.ts'

const machine = {
  passwd: 'root:x:0:0:root:/root:/bin/bash\nsshd:x:103:65534::/run/sshd:/usr/sbin/nologin\n',
  shadow: 'root:!:1:0:99999:7:::\nsshd:!:1::::::\n',
  group: 'root:x:0:\ndocker:x:112:someone\nstaff:x:50:\n',
}

it('adds the people of the lab and keeps the services of the machine', () => {
  const files = withAccounts(machine, { passwordHash: '$6$hash', homes: '/h' })
  expect(files.passwd).toContain('root:x:0:0::/h/root:/bin/bash\n')
  expect(files.passwd).toContain('sshd:x:103:65534')
  expect(files.passwd.match(/^root:/gm)).toHaveLength(1)
  expect(files.shadow).toContain('pass:$6$hash:')
  expect(files.shadow).toContain('root:*:')
  expect(files.shadow).toContain('deploy:*:')
})

it('lets the docker users alone into group docker, under the number of the machine', () => {
  const { group } = withAccounts(machine, { passwordHash: 'x', homes: '/h' })
  expect(group).toContain('docker:x:112:deploy,pass\n')
  expect(group).toContain('staff:x:50:')
})

it('makes a group docker where the machine has none', () => {
  const { group } = withAccounts(
    { ...machine, group: 'root:x:0:\n' },
    { passwordHash: 'x', homes: '/h' },
  )
  expect(group).toContain('docker:x:61000:deploy,pass\n')
})

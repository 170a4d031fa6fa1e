import { describe, expect, it } from 'vitest'
import { isLoopback, plainAddress, readListeners, readPrograms } from './listeners.ts'

const tcp = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 101 1
   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 102 1
   2: 0201A8C0:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000    33        0 103 1
   3: 0100007F:1538 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 104 1
  sl  local_address                         remote_address                        st tx_queue
   0: 00000000000000000000000000000000:0016 00000000000000000000000000000000:0000 0A 00000000
   1: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 00000000
   2: 0000000000000000FFFF00000100007F:1F90 00000000000000000000000000000000:0000 0A 00000000
   3: B80D01200000000000000000020000AC:0050 00000000000000000000000000000000:0000 0A 00000000`

describe('listening sockets', () => {
  it('are read from /proc/net/tcp and tcp6; connections are left out', () => {
    expect(readListeners(tcp)).toEqual([
      { address: '127.0.0.1', port: 5432 },
      { address: '0.0.0.0', port: 22 },
      { address: '192.168.1.2', port: 80 },
      { address: '::', port: 22 },
      { address: '::1', port: 631 },
      { address: '127.0.0.1', port: 8080 },
      { address: '2001:db8::ac00:2', port: 80 },
    ])
  })

  it('are none where there is no /proc', () => {
    expect(readListeners('')).toEqual([])
    expect(readListeners('cat: /proc/net/tcp: No such file or directory')).toEqual([])
  })
})

describe('addresses', () => {
  it.each([
    ['[::]', '::'],
    ['*', '::'],
    ['127.0.0.53%lo', '127.0.0.53'],
    ['[::ffff:127.0.0.1]', '127.0.0.1'],
    ['[fe80::1]%eth0', 'fe80::1'],
  ])('%s is %s', (text, plain) => {
    expect(plainAddress(text)).toBe(plain)
  })

  it('of the loopback are all of 127/8 and ::1', () => {
    expect(['127.0.0.53', '::1'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '172.17.0.1', '10.127.0.1'].some(isLoopback)).toBe(false)
  })
})

describe('programs', () => {
  it('are read from ss, as far as it tells them', () => {
    const text = [
      'LISTEN 0      128          0.0.0.0:22        0.0.0.0:*    users:(("sshd",pid=1,fd=3))',
      'LISTEN 0      4096   127.0.0.53%lo:53        0.0.0.0:*    users:(("systemd-resolve",pid=2,fd=14))',
      'LISTEN 0      511                *:80              *:*    users:(("nginx",pid=4,fd=6),("nginx",pid=3,fd=6))',
      'LISTEN 0      128             [::]:22           [::]:*    users:(("sshd",pid=1,fd=4))',
      'LISTEN 0      128        127.0.0.1:9000      0.0.0.0:*   ',
    ].join('\n')
    expect([...readPrograms(text)]).toEqual([
      ['0.0.0.0 22', 'sshd'],
      ['127.0.0.53 53', 'systemd-resolve'],
      [':: 80', 'nginx'],
      [':: 22', 'sshd'],
    ])
  })
})

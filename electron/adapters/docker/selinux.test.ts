import { describe, expect, it } from 'vitest'
import { createOptions } from './containers.ts'
import { onceOptions } from './run-once.ts'
import { hasSelinux } from './selinux.ts'
import { streamTaskOptions } from './task-options.ts'

// What Docker is told; what it makes of it shows on a host with SELinux alone.
const labels = {}
const server = (source: string) =>
  createOptions({
    name: 'orders',
    image: 'x:1',
    env: {},
    command: [],
    labels,
    files: [],
    volumes: { '/data': source },
    publish: { hostAddress: '127.0.0.1', hostPort: 7000, containerPort: 70 },
    shmBytes: 1024,
    stopGraceSeconds: 60,
  }).HostConfig
const stream = (source: string) =>
  streamTaskOptions({
    name: 'task',
    image: 'x:1',
    command: ['cat'],
    labels,
    network: 'none',
    tmpfs: [],
    memoryBytes: null,
    volumes: { '/place': source },
  }).HostConfig
const once = (relabel: boolean) => {
  const bind = { source: '/srv/a', target: '/in', create: false, relabel }
  return onceOptions({ name: 'task', image: 'x:1', command: ['true'], labels, bind }).HostConfig
}

describe('SELinux', () => {
  it('is found in what Docker tells of its security', () => {
    expect(hasSelinux(['name=seccomp,profile=default', 'name=selinux'])).toBe(true)
    expect(hasSelinux(['name=apparmor', 'name=seccomp,profile=selinux'])).toBe(false)
  })

  it('keeps a server in a folder confined, at the level that its files have', () => {
    expect(server('/srv/a/data')).toMatchObject({ SecurityOpt: ['label=level:s0'] })
    expect(server('volume')).not.toHaveProperty('SecurityOpt')
  })

  it('lets our tasks into the user’s folders without relabelling them', () => {
    expect(stream('/srv/backups')).toMatchObject({
      SecurityOpt: ['no-new-privileges', 'label=disable'],
    })
    expect(stream('volume')).toMatchObject({ SecurityOpt: ['no-new-privileges'] })
    expect(once(false)).toMatchObject({
      SecurityOpt: ['label=disable'],
      Mounts: [{ Type: 'bind', Source: '/srv/a', Target: '/in' }],
    })
  })

  it('lets Docker relabel a folder of ours, by the only form that does', () => {
    expect(once(true)).toMatchObject({ Binds: ['/srv/a:/in:z'] })
    expect(once(true)).not.toHaveProperty('SecurityOpt')
  })
})

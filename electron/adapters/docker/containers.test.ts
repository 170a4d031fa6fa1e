import { describe, expect, it } from 'vitest'
import { createOptions, listedSchema, readListed } from './containers.ts'

const spec = {
  name: 'orders-development-x',
  image: 'x:1',
  env: { MODE: 'plain' },
  command: ['-c', 'a=b'],
  labels: { 'io.quayside.database': '1' },
  volumes: { '/data': 'orders-data' },
  publish: { hostAddress: '127.0.0.1', hostPort: 7000, containerPort: 70 },
  files: [{ path: '/run/quayside/password', content: 'hunter2', mode: 0o400, secret: true }],
  shmBytes: 1024,
  stopGraceSeconds: 60,
}

describe('what Docker is told to make', () => {
  const options = createOptions(spec)

  it('is published on the given address alone', () => {
    expect(options.HostConfig?.PortBindings).toEqual({
      '70/tcp': [{ HostIp: '127.0.0.1', HostPort: '7000' }],
    })
  })

  it('comes back after a reboot, and its logs can’t fill the disk', () => {
    expect(options.HostConfig).toMatchObject({
      RestartPolicy: { Name: 'unless-stopped' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } },
      ShmSize: 1024,
    })
    expect(options.StopTimeout).toBe(60)
  })

  it('does not hold what is in its files', () => {
    expect(JSON.stringify(options)).not.toContain('hunter2')
  })
})

describe('a listed container', () => {
  it('tells a port once that is published for IPv4 and IPv6, and no port that is not', () => {
    const [listed] = listedSchema.parse([
      {
        Id: 'f0',
        Names: ['/orders'],
        Image: 'postgres:17',
        State: 'running',
        Status: 'Up 3 hours',
        Labels: null,
        Ports: [
          { IP: '0.0.0.0', PrivatePort: 70, PublicPort: 7000, Type: 'tcp' },
          { IP: '::', PrivatePort: 70, PublicPort: 7000, Type: 'tcp' },
          { PrivatePort: 71, Type: 'tcp' },
          { PrivatePort: 53, PublicPort: 53, Type: 'udp' },
        ],
      },
    ])
    expect(listed && readListed(listed)).toEqual({
      id: 'f0',
      name: 'orders',
      state: 'running',
      statusText: 'Up 3 hours',
      labels: {},
      ports: [7000],
      image: 'postgres:17',
      published: [
        { address: '0.0.0.0', port: 7000, containerPort: 70 },
        { address: '::', port: 7000, containerPort: 70 },
      ],
    })
  })
})

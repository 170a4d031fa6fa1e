import { describe, expect, it } from 'vitest'
import { older } from './docker-http.ts'
import { findDocker } from './docker-way.ts'
import { describeBanner } from './check.ts'
import { parseFacts } from './host-facts.ts'
import type { HostFacts } from './host-facts.ts'

const facts = (change: Partial<HostFacts> = {}): HostFacts => ({
  ...parseFacts(''),
  user: 'deploy',
  ...change,
})

describe('what a host tells of itself', () => {
  it('is read line by line; what is missing or odd stays empty', () => {
    const read = parseFacts(
      'banner of a login shell\nuser\tdeploy\nuid\tx\nsocket\t/a\ndenied\t/b\nsocket\t/a\nos\tDebian 12\n',
    )
    expect(read).toMatchObject({
      user: 'deploy',
      uid: 0,
      sockets: ['/a'],
      denied: ['/b'],
      os: 'Debian 12',
    })
  })
})

describe('finding Docker', () => {
  it('names each cause', () => {
    expect(() => findDocker(facts(), 'h')).toThrow(
      expect.objectContaining({ code: 'docker_missing' }),
    )
    expect(() => findDocker(facts({ program: '/usr/bin/docker' }), 'h')).toThrow(
      expect.objectContaining({ code: 'docker_down' }),
    )
  })

  it('prefers a socket that may be used over one that may not', () => {
    const rootless = facts({ denied: ['/run/docker.sock'], sockets: ['/run/user/1/docker.sock'] })
    expect(findDocker(rootless, 'h').socketPath).toBe('/run/user/1/docker.sock')
  })

  it('leaves a remote DOCKER_HOST to Docker’s own program', () => {
    const remote = facts({ dockerHost: 'tcp://127.0.0.1:2375', program: '/usr/bin/docker' })
    expect(findDocker(remote, 'h')).toEqual({ socketPath: null, program: '/usr/bin/docker' })
  })
})

it('compares API versions by number', () => {
  expect([
    older('1.39', '1.40'),
    older('1.9', '1.40'),
    older('1.40', '1.40'),
    older('2.0', '1.40'),
  ]).toEqual([true, true, false, false])
})

it('shows a server’s first line as people read it', () => {
  expect(describeBanner('SSH-2.0-OpenSSH_10.0 Debian')).toBe('OpenSSH 10.0, Debian')
  expect(describeBanner('SSH-2.0-dropbear')).toBe('dropbear')
})

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import type { HostConnection } from '../../shared/contract/hosts.ts'
import { makeConnector, trust } from './ssh-connector.ts'

// The ways in that the lab's hosts have, as on any server.

type LabHost = ReturnType<typeof labHost>

function labHost(index: number) {
  const host = inject('lab').hosts[index]
  if (!host) throw new Error('The lab has too few hosts.')
  return host
}

function ssh(host: LabHost, name: keyof LabHost['accounts']): HostConnection {
  const { user, keyPath } = host.accounts[name]
  const login =
    keyPath === undefined
      ? ({ kind: 'password' } as const)
      : ({ kind: 'key', path: keyPath } as const)
  return { kind: 'ssh', address: host.ssh.host, port: host.ssh.port, user, login }
}

async function check(connection: HostConnection, secret?: string) {
  const { connector } = makeConnector()
  const first = await trust(connector, connection)
  expect(first.unknownKey?.fingerprint).toBe(labHost(0).ssh.hostKeyFingerprint)
  return await connector.check({ checkId: 'x', connection, secret })
}

const group = 'yes, through group docker'

describe('a host of the lab', () => {
  it.each(['root', 'rootEncrypted', 'deploy', 'sudoer', 'pass'] as const)(
    'lets %s in',
    async (name) => {
      const host = labHost(0)
      const { passphrase, password } = host.accounts[name]
      const found = await check(ssh(host, name), passphrase ?? password)
      expect(found.steps.filter(({ state }) => state !== 'done')).toEqual([])
      expect(found.ok).toBe(true)
      const may = found.steps.find((step) => step.name === 'permission')
      const ways = { root: 'yes', rootEncrypted: 'yes', sudoer: 'yes, by sudo' }
      expect(may?.fact).toBe({ deploy: group, pass: group, ...ways }[name])
    },
  )

  it('tells a user without rights what to run, and the line that sudo lacks', async () => {
    const found = await check(ssh(labHost(0), 'nodocker'))
    const failed = found.steps.find(({ state }) => state === 'failed')
    expect(failed).toMatchObject({
      name: 'permission',
      error: {
        code: 'docker_denied',
        hint: expect.stringMatching(
          /sudo reach Docker alone .*'nodocker ALL=\(root\) NOPASSWD: \S+\/docker system dial-stdio'/,
        ) as string,
      },
    })
  })

  it('is reached through another one by ProxyJump', async () => {
    const { connector, home } = makeConnector()
    const entry = (alias: string, host: LabHost, more: string) =>
      `Host ${alias}\n HostName ${host.ssh.host}\n User root\n IdentityFile ${host.ssh.keyPath}\n${more}`
    const text = entry('near', labHost(0), '') + entry('far', labHost(1), ' ProxyJump near\n')
    writeFileSync(join(home, '.ssh', 'config'), text)
    const connection: HostConnection = { kind: 'ssh-config', alias: 'far' }
    for (const index of [0, 1]) {
      const asked = await trust(connector, connection)
      expect(asked.unknownKey?.fingerprint).toBe(labHost(index).ssh.hostKeyFingerprint)
    }
    const found = await connector.check({ checkId: 'x', connection })
    expect(found.steps.filter(({ state }) => state !== 'done')).toEqual([])
  })
})

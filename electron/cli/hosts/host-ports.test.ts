import { describe, expect, it } from 'vitest'
import type { HostFacts, HostPort } from '../../../shared/contract/host-look.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { noon, someHost } from '../cli-test-things.ts'

const way: HostPort = {
  port: 22,
  addresses: ['0.0.0.0'],
  bound: 'network',
  heldBy: { kind: 'program', name: 'sshd', databaseId: null },
  serves: null,
  fromHere: 'open',
  shouldBe: 'open',
  verdict: 'expected',
  reason: null,
  hint: null,
  remedy: null,
}
const redis: HostPort = {
  ...way,
  port: 6379,
  heldBy: null,
  serves: 'Redis',
  shouldBe: 'closed',
  verdict: 'exposed',
  reason: 'Redis answers.',
  hint: 'Bind it.',
  remedy: 'bind 127.0.0.1',
}

const stoneOs: HostFacts = {
  at: noon - 26 * 3_600_000,
  os: 'Stone OS 3',
  kernel: null,
  arch: null,
  docker: { version: '28.5', apiVersion: '1.51', storageDriver: null, dataRoot: '/var/lib/docker' },
  cpus: 4,
  cpuPercent: 3,
  load: null,
  memory: null,
  swap: null,
  disks: [],
  bootedAt: null,
  clockAheadMs: 0,
  containers: [],
}

function coreWith(ports: HostPort[], complete = true): CoreParts {
  return {
    hosts: {
      list: () => Promise.resolve([someHost()]),
      ports: () => Promise.resolve({ at: 0, triedAddress: '203.0.113.7', complete, ports }),
    },
  }
}

describe('host ports', () => {
  it('ends with 0 when all is as it should be', async () => {
    const { code, stdout, stderr } = await runOn(
      { core: coreWith([way]) },
      'host',
      'ports',
      'ams-1',
    )
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^22 +0\.0\.0\.0 +sshd +open +open$/m)
    expect(stdout).toContain('Tried from this computer at 203.0.113.7.')
  })

  it('ends with 11 when a database is exposed, with the list and the remedy', async () => {
    const core = coreWith([redis, way])
    const { code, stdout, stderr } = await runOn({ core }, 'host', 'ports', 'ams-1')
    expect(code).toBe(11)
    expect(stdout).toMatch(/^6379 .*unknown +open +closed +exposed$/m)
    expect(stderr).toContain('Redis answers.')
    expect(stderr).toContain('bind 127.0.0.1')
  })

  it('gives a script the list and the code of the error', async () => {
    const core = coreWith([redis], false)
    const { stdout, stderr } = await runOn({ core }, 'host', 'ports', 'ams-1', '--json', '--quiet')
    expect(JSON.parse(stdout)).toMatchObject({ complete: false, ports: [{ port: 6379 }] })
    expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'port_exposed' } })
  })
})

describe('host show', () => {
  it('shows what is known of a host that does not answer', async () => {
    const core: CoreParts = {
      hosts: {
        list: () => Promise.resolve([someHost()]),
        facts: () => Promise.reject(new Error('no answer')),
        lastFacts: () => Promise.resolve([{ hostId: someHost().id, facts: stoneOs }]),
      },
    }
    const { code, stdout, stderr } = await runOn({ core }, 'host', 'show', 'ams-1')
    expect(code).toBe(0)
    expect(stdout).toContain('ams-1')
    expect(stderr).toContain('It tells nothing of itself now')
    expect(stdout).toMatch(/As told +26 h ago/)
    expect(stdout).toMatch(/System +Stone OS 3/)
    expect(stdout).not.toContain('Login by')
    expect(stdout).not.toContain('By way of')
  })

  it('says why the system’s ssh logs in, there or at a jump host, as no lack of the host', async () => {
    const { status } = someHost()
    const jump = { host: 'bastion', why: 'security key id_sk' }
    const bySystem = { systemSsh: 'certificate id-cert.pub', systemSshJumps: [jump] }
    const host = someHost({ status: { ...status, ...bySystem } })
    const core: CoreParts = {
      hosts: {
        list: () => Promise.resolve([host]),
        facts: () => Promise.resolve(stoneOs),
        lastFacts: () => Promise.resolve([]),
      },
    }
    const { stdout } = await runOn({ core }, 'host', 'show', 'ams-1')
    expect(stdout).toMatch(/Login by +the system’s ssh, because of certificate id-cert\.pub/)
    expect(stdout).toMatch(/By way of +bastion: the system’s ssh, because of security key id_sk/)
    expect(stdout).not.toContain('Lacks')
  })
})

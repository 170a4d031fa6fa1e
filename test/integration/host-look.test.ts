import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { compose } from '../../electron/compose.ts'
import type { Core } from '../../electron/domain/core.ts'
import type { HostId, HostView } from '../../shared/contract/hosts.ts'
import { openLab, type Lab } from '../lab/lab.ts'

// What a real host tells, to root and to a user who may use Docker alone.

let lab: Lab
let home: string
let core: Core
let byRoot: HostView
let byUser: HostView
let listener: string
const ports = { network: 0, loopback: 0 }

beforeAll(async () => {
  lab = await openLab()
  home = await mkdtemp(join(tmpdir(), 'quayside-look-'))
  core = await compose({ home, version: '0.0.0-test' })
  const host = h1()
  byRoot = await add('root', host.ssh)
  byUser = await add('user', host.accounts.deploy)
  // A program that has nothing to do with Quayside, on all addresses and on the loopback.
  const program = `const net = require('node:net'), say = (server) => server.address().port
    const one = net.createServer().listen(0, '0.0.0.0', () => {
      const two = net.createServer().listen(0, '127.0.0.1', () => console.log(say(one) + ' ' + say(two)))
    })`
  const { stdout } = await lab.exec('h1', [
    ...[
      'sh',
      '-c',
      'out=$(mktemp); "$1" -e "$2" >"$out" 2>&1 & while [ ! -s "$out" ]; do sleep 0.05; done; cat "$out"; rm "$out"; echo $!',
    ],
    ...['sh', process.execPath, program],
  ])
  const [network = '', loopback = '', pid = ''] = stdout.trim().split(/\s+/)
  Object.assign(ports, { network: Number(network), loopback: Number(loopback) })
  listener = pid
})
afterAll(async () => {
  await lab.exec('h1', ['kill', listener])
  await core.close()
  await rm(home, { recursive: true })
})

function h1(): Lab['hosts'][number] {
  const found = lab.hosts.find(({ name }) => name === 'h1')
  if (found === undefined) throw new Error('the lab has no host h1')
  return found
}

function add(
  name: string,
  { user, keyPath }: { user: string; keyPath?: string },
): Promise<HostView> {
  const { host: address, port, hostKeyFingerprint } = h1().ssh
  if (keyPath === undefined) throw new Error(`${user} logs in without a key file`)
  return core.hosts.add({
    name,
    baseDomain: null,
    connection: { kind: 'ssh', address, port, user, login: { kind: 'key', path: keyPath } },
    acceptHostKey: hostKeyFingerprint,
  })
}

const portOf = async (id: HostId, port: number) =>
  (await core.hosts.ports({ id })).ports.find((each) => each.port === port)

describe.each(['root', 'user'] as const)('a host, asked by %s', (who) => {
  const host = () => (who === 'root' ? byRoot : byUser)

  it('tells what it is and how it fares', async () => {
    const facts = await core.hosts.facts({ id: host().id })
    expect(facts.os).toContain('Debian')
    expect(facts.kernel).toMatch(/^\d+\.\d+/)
    expect(facts.docker.dataRoot).toMatch(/^\//)
    expect(facts.docker.storageDriver).not.toBeNull()
    expect(facts.cpus).toBeGreaterThan(0)
    expect(facts.cpuPercent).toBeGreaterThanOrEqual(0)
    expect(facts.load?.one).toBeGreaterThanOrEqual(0)
    expect(facts.memory?.availableBytes).toBeGreaterThan(0)
    expect(facts.memory?.totalBytes).toBeGreaterThan(facts.memory?.availableBytes ?? 0)
    expect(facts.disks.flatMap(({ holds }) => holds).sort()).toEqual(['docker', 'system'])
    expect(facts.disks[0]?.totalBytes).toBeGreaterThan(2 ** 30)
    expect(facts.bootedAt).toBeLessThan(Date.now())
    expect(Math.abs(facts.clockAheadMs ?? Infinity)).toBeLessThan(1_000)
  })

  it('has a foreign program on the network, reached from here, and one on the loopback', async () => {
    expect(await portOf(host().id, ports.network)).toMatchObject({
      addresses: ['0.0.0.0'],
      bound: 'network',
      fromHere: 'open',
      verdict: 'note',
    })
    expect(await portOf(host().id, ports.loopback)).toMatchObject({
      addresses: ['127.0.0.1'],
      bound: 'loopback',
      fromHere: 'unknown',
      verdict: 'expected',
      shouldBe: 'closed',
    })
    expect(await portOf(host().id, h1().ssh.port)).toMatchObject({ verdict: 'expected' })
  })
})

it('tells root the program, and a user nothing that is guessed', async () => {
  expect((await portOf(byRoot.id, ports.network))?.heldBy).toMatchObject({ kind: 'program' })
  expect((await portOf(byUser.id, ports.network))?.heldBy).toBeNull()
})

it('finds a database that Docker publishes to the network, with the container that holds it', async () => {
  const name = `open-${Math.random().toString(36).slice(2, 8)}`
  // Quicker than a server with its data: what listens is not asked.
  const listen = 'IO::Socket::INET->new(LocalPort => 5432, Listen => 9) or die; sleep 600'
  await lab.docker('h1', [
    ...['run', '-d', '--name', name, '-p', '0.0.0.0::5432', '--entrypoint', 'perl', 'postgres:15'],
    ...['-MIO::Socket::INET', '-e', `my $s = ${listen}`],
  ])
  try {
    // It refuses until the program inside has started.
    const all = await vi.waitUntil(
      async () => {
        const { ports: now } = await core.hosts.ports({ id: byUser.id })
        return now[0]?.verdict === 'exposed' && now
      },
      { timeout: 20_000, interval: 500 },
    )
    const exposed = all.find(({ heldBy }) => heldBy?.name === name)
    expect(exposed).toMatchObject({
      heldBy: { kind: 'container', databaseId: null },
      serves: 'PostgreSQL',
      fromHere: 'open',
      verdict: 'exposed',
      shouldBe: 'closed',
    })
    expect(exposed?.remedy).toBe(`-p 127.0.0.1:${exposed?.port}:5432`)
    const { containers } = await core.hosts.facts({ id: byUser.id })
    expect(containers.find((each) => each.name === name)).toMatchObject({
      image: 'postgres:15',
      state: 'running',
      databaseId: null,
    })
  } finally {
    await lab.docker('h1', ['rm', '-fv', name])
  }
})

import { describe, expect, it } from 'vitest'
import type { ContainerSummary } from '../ports.ts'
import { engines } from '../../engines/index.ts'
import { recogniseServers } from './known-servers.ts'
import { judgePort, type FoundPort } from './judge-port.ts'
import { gather, tryAll } from './read-ports.ts'

const container = (change: Partial<ContainerSummary>): ContainerSummary => ({
  id: 'c1',
  name: 'cache_old',
  state: 'running',
  statusText: 'Up 3 hours',
  labels: {},
  ports: [],
  image: 'redis:7',
  published: [],
  ...change,
})
const none = {
  programs: new Map<string, string>(),
  known: () => false,
  recognise: recogniseServers(engines.map(({ mark }) => mark)),
}

describe('what is gathered', () => {
  it('is a line for each port, IPv4 and IPv6 together, with the container behind it', () => {
    const lines = gather({
      ...none,
      listeners: [
        { address: '0.0.0.0', port: 6379 },
        { address: '::', port: 6379 },
        { address: '127.0.0.1', port: 631 },
      ],
      programs: new Map([['0.0.0.0 6379', 'docker-proxy']]),
      containers: [
        container({ published: [{ address: '0.0.0.0', port: 6379, containerPort: 6379 }] }),
      ],
    })
    expect(lines).toMatchObject([
      {
        port: 6379,
        addresses: ['0.0.0.0', '::'],
        bound: 'network',
        heldBy: { kind: 'container', name: 'cache_old' },
        server: { label: 'Redis' },
      },
      { port: 631, bound: 'loopback', heldBy: null, server: null },
    ])
  })

  it('has ports that Docker forwards without a program of its own', () => {
    const published = [{ address: '0.0.0.0', port: 15432, containerPort: 5432 }]
    const lines = gather({
      ...none,
      listeners: [],
      containers: [container({ image: 'example.test/own:1', published })],
    })
    expect(lines).toMatchObject([{ port: 15432, server: { label: 'PostgreSQL' } }])
  })

  it('has nothing of a container that is stopped', () => {
    const published = [{ address: '0.0.0.0', port: 6379, containerPort: 6379 }]
    const stopped = container({ state: 'exited', published })
    expect(gather({ ...none, listeners: [], containers: [stopped] })).toEqual([])
  })

  it('tells two programs apart that share a number', () => {
    const lines = gather({
      ...none,
      listeners: [
        { address: '127.0.0.1', port: 8000 },
        { address: '10.0.0.5', port: 8000 },
      ],
      programs: new Map([
        ['127.0.0.1 8000', 'python3'],
        ['10.0.0.5 8000', 'caddy'],
      ]),
      containers: [],
    })
    expect(lines.map(({ bound, heldBy }) => [bound, heldBy?.name])).toEqual([
      ['loopback', 'python3'],
      ['network', 'caddy'],
    ])
  })
})

describe('the verdict', () => {
  const found = (port: number, change: Partial<FoundPort> = {}): FoundPort => {
    const [line] = gather({ ...none, listeners: [{ address: '0.0.0.0', port }], containers: [] })
    if (line === undefined) throw new Error('no line')
    return { ...line, fromHere: 'open', isWayIn: false, ...change }
  }

  it('is exposed for a database that answers, with what closes it', () => {
    expect(judgePort(found(5432))).toMatchObject({
      verdict: 'exposed',
      shouldBe: 'closed',
      remedy: "listen_addresses = 'localhost'",
    })
    expect(judgePort(found(2375)).verdict).toBe('exposed')
  })

  it('is exposed where it could not be tried, and a note where this computer is kept out', () => {
    expect(judgePort(found(3306, { fromHere: 'unknown' })).verdict).toBe('exposed')
    expect(judgePort(found(3306, { fromHere: 'filtered' })).verdict).toBe('note')
    expect(judgePort(found(3306, { fromHere: 'closed' })).reason).toContain('firewall')
  })

  it('tells a container how to be published', () => {
    const heldBy = { kind: 'container', name: 'cache_old', databaseId: null } as const
    const judged = judgePort(found(6379, { heldBy, containerPort: 6379 }))
    expect(judged.remedy).toBe('-p 127.0.0.1:6379:6379')
    expect(judged.hint).toContain('ufw')
  })

  it('expects SSH, web servers and the loopback', () => {
    expect(judgePort(found(2222, { isWayIn: true }))).toMatchObject({ verdict: 'expected' })
    expect(judgePort(found(443))).toMatchObject({ verdict: 'expected', shouldBe: 'open' })
    expect(judgePort(found(5432, { bound: 'loopback' }))).toMatchObject({
      verdict: 'expected',
      shouldBe: 'closed',
    })
  })

  it('leaves the rest to the user', () => {
    expect(judgePort(found(8080))).toMatchObject({ verdict: 'note', shouldBe: null })
  })
})

describe('ports tried from here', () => {
  const { signal } = new AbortController()
  const by = (answers: Record<number, 'open' | 'closed' | 'filtered'>) =>
    tryAll(
      [22, 5432, 6379],
      { address: 'harbour.example', port: 22 },
      ({ port }) => Promise.resolve(answers[port] ?? 'filtered'),
      signal,
    )

  it('are kept out by a firewall where only the way in answers', async () => {
    expect([...(await by({ 22: 'open' }))]).toEqual([
      [22, 'open'],
      [5432, 'filtered'],
      [6379, 'filtered'],
    ])
  })

  it('say nothing where not even the way in answers, nor by a router that passes one on', async () => {
    expect((await by({ 5432: 'closed' })).size).toBe(0)
    const passedOn = { address: 'router.example', port: 2222 }
    const never = () => Promise.reject(new Error('nothing is tried'))
    expect((await tryAll([22, 5432], passedOn, never, signal)).size).toBe(0)
  })
})

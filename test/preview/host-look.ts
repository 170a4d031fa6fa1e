import type { HostFacts, HostPort, HostPorts } from '../../shared/contract/host-look.ts'
import { hostIdSchema } from '../../shared/contract/hosts.ts'
import { id, now } from './data.ts'

const hour = 3_600_000
const gigabyte = 1e9

/** What an invented host tells of itself. */
export const hostFacts: HostFacts = {
  at: now - 4_000,
  os: 'Debian GNU/Linux 13 (trixie)',
  kernel: '6.12.48+deb13-amd64',
  arch: 'x86_64',
  docker: {
    version: '28.5.2',
    apiVersion: '1.51',
    storageDriver: 'overlay2',
    dataRoot: '/var/lib/docker',
  },
  cpus: 8,
  cpuPercent: 31,
  load: { one: 2.41, five: 2.02, fifteen: 1.87 },
  memory: { totalBytes: 16 * gigabyte, availableBytes: 6.2 * gigabyte },
  swap: { totalBytes: 2 * gigabyte, freeBytes: 1.9 * gigabyte },
  disks: [
    {
      mount: '/',
      holds: ['system'],
      totalBytes: 42 * gigabyte,
      usedBytes: 18 * gigabyte,
      freeBytes: 22 * gigabyte,
    },
    {
      mount: '/var/lib/docker',
      holds: ['docker'],
      totalBytes: 400 * gigabyte,
      usedBytes: 364 * gigabyte,
      freeBytes: 36 * gigabyte,
    },
  ],
  bootedAt: now - 112 * 24 * hour,
  clockAheadMs: 200,
  containers: [
    ['caddy', 'caddy:2', [80, 443]],
    ['cache_old', 'redis:7', [6379]],
    ['mailer', 'ghcr.io/northwind/mailer-with-a-long-name:2025-11', []],
  ].map(([name, image, ports], n) => ({
    id: `c${n}`,
    name: String(name),
    image: String(image),
    state: n === 2 ? 'exited' : 'running',
    statusText: n === 2 ? 'Exited (0) 3 days ago' : 'Up 3 weeks',
    databaseId: null,
    published: (Array.isArray(ports) ? ports : []).map((port) => ({
      address: '0.0.0.0',
      port,
      containerPort: port,
    })),
  })),
}

/** What the first three hosts told last, two of them a moment ago. */
export const keptFacts = [
  { hostId: hostIdSchema.parse(id(1)), facts: hostFacts },
  { hostId: hostIdSchema.parse(id(2)), facts: { ...hostFacts, cpus: 4, at: now - 9 * 60_000 } },
  { hostId: hostIdSchema.parse(id(3)), facts: { ...hostFacts, cpus: 2, at: now - 26 * hour } },
]

const fine: HostPort = {
  port: 22,
  addresses: ['0.0.0.0', '::'],
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
const closed: HostPort = {
  ...fine,
  addresses: ['127.0.0.1'],
  bound: 'loopback',
  fromHere: 'unknown',
  shouldBe: 'closed',
}
const container = (name: string) => ({ kind: 'container' as const, name, databaseId: null })

export const hostPorts: HostPorts = {
  at: now - 60_000,
  triedAddress: '198.51.100.17',
  complete: true,
  ports: [
    {
      ...fine,
      port: 6379,
      heldBy: container('cache_old'),
      serves: 'Redis',
      shouldBe: 'closed',
      verdict: 'exposed',
      reason: 'Redis listens on every network address and answers this computer over the network.',
      hint: 'Make the container cache_old anew with its port on the loopback, or close the port before the server. Rules of ufw do not hold for ports that Docker publishes.',
      remedy: '-p 127.0.0.1:6379:6379',
    },
    {
      ...fine,
      port: 8080,
      heldBy: null,
      shouldBe: null,
      verdict: 'note',
      reason: 'Quayside does not know whether this should be open.',
    },
    fine,
    { ...fine, port: 80, heldBy: container('caddy') },
    { ...fine, port: 443, heldBy: container('caddy') },
    {
      ...closed,
      port: 5432,
      heldBy: { ...container('shop-staging-postgres'), databaseId: id(103) },
      serves: 'PostgreSQL',
    },
    { ...closed, port: 53, heldBy: { ...container('systemd-resolve'), kind: 'program' } },
    { ...closed, port: 631, heldBy: null },
  ],
}

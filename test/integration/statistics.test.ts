import { dirname } from 'node:path'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { DatabaseId } from '../../shared/contract/databases.ts'
import type { StatsSample } from '../../shared/contract/metrics.ts'
import { createContainerReader } from '../../electron/domain/metrics/container-reader.ts'
import { openHost } from '../bench/open-host.ts'
import {
  coreOnLab,
  create,
  discard,
  expectDone,
  onHost,
  type CoreOnLab,
} from '../faults/core-on-lab.ts'
import { freshName } from './docker-bench.ts'

let bench: CoreOnLab
const names = [freshName('stats'), freshName('stats')]
let ids: DatabaseId[] = []
/** Every sample told, and how many came with each beat. */
const told: { id: DatabaseId; sample: StatsSample; together: number }[] = []

beforeAll(async () => {
  bench = await coreOnLab()
  const made = await Promise.all(names.map((name) => create(bench, name)))
  ids = made.map(({ id }) => id)
  for (const { jobId } of made) await expectDone(bench.core, jobId)
  bench.core.onEvent((event) => {
    if (event.type !== 'stats') return
    for (const { databaseId: id, sample } of event.samples)
      told.push({ id, sample, together: event.samples.length })
  })
})
afterAll(async () => {
  for (const [index, id] of ids.entries()) await discard(bench.core, id, names[index] ?? '')
  await bench.close()
})

/** Looks closely at these; none ends it. */
function look(close: readonly DatabaseId[]): Promise<object> {
  return bench.core.metrics.watch({ watcher: 'test', close: [...close], inView: [] })
}

async function until<T>(
  find: () => T | undefined | Promise<T | undefined>,
  ms = 15_000,
): Promise<T> {
  const deadline = Date.now() + ms
  for (;;) {
    const found = await find()
    if (found !== undefined) return found
    if (Date.now() > deadline) throw new Error('it did not come in time')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** How many of our scripts run on the host: its processes are seen from outside, by their network. */
async function scripts(): Promise<number> {
  const networkOf = (pid: string) => readlink(`/proc/${pid}/ns/net`).catch(() => '')
  const { stdout } = await bench.lab.exec('h1', ['readlink', '/proc/self/ns/net'])
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(
    pids.map(async (pid) => {
      if ((await networkOf(pid)) !== stdout.trim()) return ''
      return readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    }),
  )
  return lines.filter((line) => line.startsWith('sh\0-c\0') && line.includes('find_group')).length
}

describe('live statistics', () => {
  it('tell of several databases by one script on their host', async () => {
    const before = await scripts()
    await look(ids)
    // The third has seen two whole beats. On a busy machine what is asked of the server in one of them
    // may fall into the next: one that has both sides of it comes soon.
    const last = await until(() =>
      told
        .filter(({ id }) => id === ids[0])
        .slice(2)
        .find(({ sample }) => (sample.networkReceived ?? 0) > 0 && (sample.transactions ?? 0) > 0),
    )
    expect(last.together).toBe(2)
    expect(await scripts()).toBe(before + 1)
    expect(last.sample).toMatchObject({ maxConnections: 100, connections: 0 })
    expect(last.sample.cpuPercent).toBeGreaterThanOrEqual(0)
    expect(last.sample.cpuPercent).toBeLessThan(200)
    expect(last.sample.memoryBytes).toBeGreaterThan(2 ** 20)
    expect(last.sample.memoryBytes).toBeLessThan(2 ** 30)
    expect(last.sample.diskWritten).toBeGreaterThanOrEqual(0)
    expect(last.sample.cacheHitPercent).toBeGreaterThan(0)
    expect(last.sample.sizeBytes).toBeGreaterThan(2 ** 20)
    expect(last.sample.serverVersion).toMatch(/^\d+\.\d+$/)
  })

  it('agree with what Docker tells', async () => {
    const [id] = ids
    if (id === undefined) throw new Error('no database')
    const { containers } = await onHost(bench.lab, id)
    const format = '{{.MemUsage}}'
    const { stdout } = await bench.lab.docker('h1', [
      'stats',
      '--no-stream',
      '--format',
      format,
      containers[0] ?? '',
    ])
    const [, number, unit] = /^([\d.]+)(KiB|MiB|GiB)/.exec(stdout) ?? []
    const docker = Number(number) * { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 }[unit as 'MiB']
    const { sample } = await until(() => told.findLast((one) => one.id === id))
    expect((sample.memoryBytes ?? 0) / docker).toBeGreaterThan(0.7)
    expect((sample.memoryBytes ?? 0) / docker).toBeLessThan(1.4)
  })

  // The way in is another sshd of the same host, whose sessions do not see what Docker's own do.
  it.each([
    ['no group is found', '/sys/fs/cgroup', 2201, []],
    ['the script can’t even begin', '/sys/fs', 2202, ['Docker is asked for statistics']],
  ])('are asked of Docker where %s', async (_, hidden, port, warnings) => {
    const { lab, home } = bench
    const server = lab.hosts.find(({ name }) => name === 'h1')
    if (server === undefined) throw new Error('no host h1')
    const folder = dirname(server.dockerSocket)
    const sshd = `exec /usr/sbin/sshd -D -f ${folder}/sshd_config -p ${port} -o PidFile=none`
    const script = `mount -t tmpfs tmpfs ${hidden} && ${sshd}`
    const start = `unshare -m sh -c '${script}' </dev/null >/dev/null 2>&1 & echo $!`
    const { stdout: pid } = await lab.exec('h1', ['sh', '-c', start])
    const { host: address, user, keyPath: path } = server.ssh
    const login = { kind: 'key', path } as const
    const connection = { kind: 'ssh', address, port, user, login } as const
    const open = () => openHost({ connection, home, host: server }, AbortSignal.timeout(20_000))
    const host = await until(() => open().catch(() => undefined))
    const warned: string[] = []
    const log = { info: () => {}, warn: (text: string) => void warned.push(text), error: () => {} }
    const reader = createContainerReader(host, log)
    try {
      const found = await Promise.all(ids.map((id) => onHost(lab, id)))
      const containers = found.flatMap((traces) => traces.containers)
      const read = await reader.read([...containers, 'f'.repeat(64)], AbortSignal.timeout(20_000))
      expect([...read.keys()].toSorted()).toEqual(containers.toSorted())
      for (const reading of read.values()) {
        // Docker has measured it itself: nothing comes of the control groups.
        expect(reading).toMatchObject({ cpuSeconds: null, cpus: null })
        expect(reading.cpuPercent).toBeGreaterThanOrEqual(0)
        expect(reading.memoryBytes).toBeGreaterThan(2 ** 20)
        expect(reading.networkReceivedBytes).toBeGreaterThan(0)
      }
      expect(warned).toEqual(warnings)
    } finally {
      reader.close()
      await host.close()
      await lab.exec('h1', ['kill', pid.trim()])
    }
  })

  it('remember the last minutes', async () => {
    const [history] = await bench.core.metrics.history({ ids: ids.slice(0, 1), points: 100 })
    expect(history?.samples.length).toBe(told.filter(({ id }) => id === ids[0]).length)
  })

  it('leave out a database that stops, and tell of it once it runs again', async () => {
    const [first, second] = ids
    if (first === undefined || second === undefined) throw new Error('no databases')
    await expectDone(bench.core, (await bench.core.databases.stop({ id: first })).jobId)
    const stopped = told.length
    await until(() =>
      told.slice(stopped).filter(({ id }) => id === second).length >= 2 ? true : undefined,
    )
    expect(told.slice(stopped + 2).filter(({ id }) => id === first)).toEqual([])
    await expectDone(bench.core, (await bench.core.databases.start({ id: first })).jobId)
    const started = told.length
    const { sample } = await until(() =>
      told.slice(started).find(({ id, sample: one }) => id === first && one.transactions !== null),
    )
    expect(sample.memoryBytes).toBeGreaterThan(0)
  })

  it('leave nothing behind on the host once no one looks', async () => {
    const running = await scripts()
    await look([])
    await until(async () => ((await scripts()) < running ? true : undefined), 3_000)
    const quiet = told.length
    await new Promise((resolve) => setTimeout(resolve, 2_500))
    expect(told.length).toBe(quiet)
  })
})

import { describe, expect, it, vi } from 'vitest'
import { databaseIdSchema, type DatabaseView } from '../../../shared/contract/databases.ts'
import type { StatsSample } from '../../../shared/contract/metrics.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someDatabase } from '../cli-test-things.ts'

type Tell = Parameters<NonNullable<CoreParts['onEvent']>>[0]
const shop = someDatabase()
const blogId = databaseIdSchema.parse('44444444-4444-4444-8444-444444444444')
/** Three hours before the bench's now. */
const startedAt = Date.UTC(2026, 0, 2, 9)

const sample = (at: number): StatsSample => ({
  at,
  cpuPercent: 12.34,
  cpus: 2,
  memoryBytes: 256 * 2 ** 20,
  memoryLimitBytes: 2 ** 30,
  networkReceived: null,
  networkSent: null,
  diskRead: 0,
  diskWritten: 2048,
  connections: 3,
  maxConnections: 100,
  transactions: 7.5,
  cacheHitPercent: 99.5,
  sizeBytes: 8 * 2 ** 20,
  serverVersion: '15.18',
})

/** A core that tells so many samples once it is asked to watch, and then what `tell` tells. */
function statsCore(
  samples: number,
  { status = 'running', others = [] }: { status?: DatabaseView['status']; others?: DatabaseView[] },
) {
  const listeners = new Set<Tell>()
  const looks: string[][] = []
  const tell = (at: number, ...databases: DatabaseView[]) => {
    const news = databases.map(({ id }) => ({ databaseId: id, sample: sample(at) }))
    for (const listener of listeners)
      listener({ type: 'stats', hostId: shop.hostId, samples: news })
  }
  const core: CoreParts = {
    onEvent: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    databases: { list: () => Promise.resolve([{ ...shop, status, startedAt }, ...others]) },
    metrics: {
      watch: ({ close }) => {
        looks.push([...close])
        if (close.length > 0 && looks.length === 1)
          for (let at = 1; at <= samples; at += 1) tell(at, { ...shop }, ...others)
        return Promise.resolve({})
      },
    },
  }
  return { core, looks, tell }
}

describe('db stats', () => {
  it('waits for the second reading, which has rates, and looks no more afterwards', async () => {
    const { core, looks } = statsCore(2, {})
    const { code, stdout, stderr } = await runOn({ core }, 'db', 'stats', shop.name)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [head, row] = stdout.split('\n')
    expect(head).toMatch(/runs for +cpu +memory +connections/i)
    expect(row).toMatch(new RegExp(`^${shop.name}@${shop.hostName} +3 h +12\\.3 % `))
    // What a host does not tell is a dash, not a nought.
    expect(row).toContain('– –')
    expect(row).toContain('3 / 100')
    expect(looks).toEqual([[shop.id], []])
  })

  it('with --json is an array of numbers, those that are unknown null', async () => {
    const { core } = statsCore(2, {})
    const { code, stdout } = await runOn({ core }, 'db', 'stats', shop.name, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      {
        databaseId: shop.id,
        name: shop.name,
        hostName: shop.hostName,
        startedAt,
        ...sample(2),
      },
    ])
  })

  it('with --watch --json is a line for each sample, until Ctrl-C', async () => {
    const { core, looks } = statsCore(3, {})
    const bench = {
      core,
      onStart: (interrupt: () => void) => void setTimeout(interrupt, 200),
    }
    const { stdout } = await runOn(bench, 'db', 'stats', shop.name, '--watch', '--json')
    const lines = stdout.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { at: number }).at)).toEqual([1, 2, 3])
    expect(looks.at(-1)).toEqual([])
  })

  it('with --watch ends with code 0 once nobody reads it', async () => {
    const { core, looks } = statsCore(3, {})
    const argv = ['db', 'stats', shop.name, '--watch', '--json']
    const { code, stdout, stderr } = await runOn({ core, reads: 1 }, ...argv)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(JSON.parse(stdout)).toMatchObject({ at: 1 })
    expect(looks.at(-1)).toEqual([])
  })

  it.each([[[]], [['--json']]])(
    'with --watch says once who has fallen silent, and shows its last numbers no more %s',
    async (json) => {
      vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'performance'] })
      try {
        const blog = { ...someDatabase(), id: blogId, name: 'blog', status: 'running' as const }
        const { core, tell } = statsCore(2, { others: [blog] })
        let interrupt = () => undefined as void
        const bench = { core, onStart: (press: () => void) => void (interrupt = press) }
        const running = runOn(bench, 'db', 'stats', shop.name, 'blog', '--watch', ...json)
        for (let at = 3; at <= 12; at += 1) {
          await vi.advanceTimersByTimeAsync(2_000)
          tell(at, ...(at === 12 ? [shop, blog] : [shop]))
        }
        await vi.advanceTimersByTimeAsync(1)
        interrupt()
        const { stdout, stderr } = await running
        const silence = `${shop.hostName} tells nothing of blog since 00:00:00 UTC.`
        expect(stderr.split(silence).length).toBe(2)
        expect(stderr.split(`Again told of: blog@${shop.hostName}.`).length).toBe(2)
        const lines = stdout.trim().split('\n')
        if (json.length === 0) {
          const told = lines.filter((line) => line.startsWith(`${shop.name}@`))
          expect(told.length).toBe(12)
          // The beats it told at, those of grace, and the one it came back with.
          const rows = lines.filter((line) => line.startsWith('blog@'))
          expect(rows.length).toBe(2 + 3 + 1)
        } else {
          const told = lines
            .map(
              (line) => JSON.parse(line) as { name: string; at: number | null; cpuPercent: null },
            )
            .filter(({ name }) => name === 'blog')
          expect(told.map(({ at }) => at)).toEqual([1, 2, null, 12])
          expect(told[2]?.cpuPercent).toBeNull()
        }
      } finally {
        vi.useRealTimers()
      }
    },
  )

  it('of a database that does not run is refused, with where to look', async () => {
    const { core, looks } = statsCore(2, { status: 'stopped' })
    const { code, stderr } = await runOn({ core }, 'db', 'stats', shop.name)
    expect(code).not.toBe(0)
    expect(stderr).toContain(shop.name)
    expect(looks).toEqual([])
  })
})

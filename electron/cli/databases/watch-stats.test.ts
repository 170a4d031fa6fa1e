import { describe, expect, it } from 'vitest'
import type { StatsSample } from '../../../shared/contract/metrics.ts'
import { runOn, type CoreParts } from '../cli-test-bench.ts'
import { someDatabase } from '../cli-test-things.ts'

type Tell = Parameters<NonNullable<CoreParts['onEvent']>>[0]
const shop = someDatabase()

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

/** A core that tells so many samples once it is asked to watch. */
function statsCore(samples: number, status: 'running' | 'stopped' = 'running') {
  let tell: Tell = () => undefined
  const looks: string[][] = []
  const core: CoreParts = {
    onEvent: (listener) => {
      tell = listener
      return () => undefined
    },
    databases: { list: () => Promise.resolve([{ ...shop, status }]) },
    metrics: {
      watch: ({ close }) => {
        looks.push([...close])
        if (close.length > 0)
          for (let at = 1; at <= samples; at += 1)
            tell({
              type: 'stats',
              hostId: shop.hostId,
              samples: [{ databaseId: shop.id, sample: sample(at) }],
            })
        return Promise.resolve({})
      },
    },
  }
  return { core, looks }
}

describe('db stats', () => {
  it('waits for the second reading, which has rates, and looks no more afterwards', async () => {
    const { core, looks } = statsCore(2)
    const { code, stdout, stderr } = await runOn({ core }, 'db', 'stats', shop.name)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const [head, row] = stdout.split('\n')
    expect(head).toMatch(/cpu +memory +connections/i)
    expect(row).toMatch(new RegExp(`^${shop.name}@${shop.hostName} +12\\.3 % `))
    // What a host does not tell is a dash, not a nought.
    expect(row).toContain('– –')
    expect(row).toContain('3 / 100')
    expect(looks).toEqual([[shop.id], []])
  })

  it('with --json is an array of numbers, those that are unknown null', async () => {
    const { core } = statsCore(2)
    const { code, stdout } = await runOn({ core }, 'db', 'stats', shop.name, '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toEqual([
      { databaseId: shop.id, name: shop.name, hostName: shop.hostName, ...sample(2) },
    ])
  })

  it('with --watch --json is a line for each sample, until Ctrl-C', async () => {
    const { core, looks } = statsCore(3)
    const bench = {
      core,
      onStart: (interrupt: () => void) => void setTimeout(interrupt, 200),
    }
    const { stdout } = await runOn(bench, 'db', 'stats', shop.name, '--watch', '--json')
    const lines = stdout.trim().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { at: number }).at)).toEqual([1, 2, 3])
    expect(looks.at(-1)).toEqual([])
  })

  it('of a database that does not run is refused, with where to look', async () => {
    const { core, looks } = statsCore(2, 'stopped')
    const { code, stderr } = await runOn({ core }, 'db', 'stats', shop.name)
    expect(code).not.toBe(0)
    expect(stderr).toContain(shop.name)
    expect(looks).toEqual([])
  })
})

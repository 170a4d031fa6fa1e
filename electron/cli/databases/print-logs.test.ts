import { describe, expect, it } from 'vitest'
import type { QuaysideEvent } from '../../../shared/events.ts'
import type { ParsedInput } from '../../../shared/contract/index.ts'
import { runOn, type Bench, type CoreParts } from '../cli-test-bench.ts'
import { someDatabase } from '../cli-test-things.ts'

/** A core whose log is two lines. */
function bench(asked: ParsedInput<'logs.follow'>[]): Bench {
  let tell: (event: QuaysideEvent) => void = () => undefined
  return {
    core: {
      databases: { list: () => Promise.resolve([someDatabase()]) },
      onEvent: (listener) => {
        tell = listener
        return () => undefined
      },
      logs: {
        follow: (input) => {
          asked.push(input)
          const line = { stream: 'stderr', level: null, cut: false } as const
          const lines = ['one', 'two'].map((text, n) => ({ ...line, at: n * 1000, text }))
          const { follower } = input
          tell({
            type: 'log',
            news: { follower, state: 'following', error: null, first: 0, lines },
          })
          return Promise.resolve({ lines: 2 })
        },
      },
    },
  }
}

describe('db logs', () => {
  it('prints lines with their time', async () => {
    const asked: ParsedInput<'logs.follow'>[] = []
    const { code, stdout } = await runOn(bench(asked), 'db', 'logs', someDatabase().name)
    expect(stdout).toBe('1970-01-01T00:00:00.000Z one\n1970-01-01T00:00:01.000Z two\n')
    expect(code).toBe(0)
    expect(asked).toMatchObject([{ follow: false, tail: 200, since: null }])
  })

  it('prints one JSON object a line, from a moment on', async () => {
    const asked: ParsedInput<'logs.follow'>[] = []
    const { stdout } = await runOn(
      bench(asked),
      ...['db', 'logs', someDatabase().name, '--since', '10m', '--json', '--follow'],
    )
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line): unknown => JSON.parse(line)),
    ).toMatchObject([
      { at: 0, text: 'one', stream: 'stderr', level: null },
      { at: 1000, text: 'two' },
    ])
    const since = Date.UTC(2026, 0, 2, 11, 50)
    expect(asked).toMatchObject([{ follow: true, tail: null, since }])
  })

  it('with --follow ends with code 0 once nobody reads it', async () => {
    const { core = {} } = bench([])
    let end: () => void = () => undefined
    const follows = new Promise<void>((resolve) => (end = resolve))
    const logs: CoreParts['logs'] = {
      follow: async (input, options) => {
        const told = core.logs?.follow?.(input, options) ?? { lines: 0 }
        await follows
        return told
      },
      unfollow: () => {
        end()
        return Promise.resolve({})
      },
    }
    const argv = ['db', 'logs', someDatabase().name, '--follow']
    const { code, stdout, stderr } = await runOn({ core: { ...core, logs }, reads: 1 }, ...argv)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toBe('1970-01-01T00:00:00.000Z one\n')
  })

  it.each([
    ['--since', 'yesterday'],
    ['--tail', 'many'],
  ])('refuses %s %s', async (...wrong) => {
    const { code, stderr } = await runOn(bench([]), 'db', 'logs', someDatabase().name, ...wrong)
    expect(code).toBe(2)
    expect(stderr).toContain(wrong[0])
  })
})

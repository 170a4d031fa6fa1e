import { expect, test } from 'vitest'
import { runOn, type CoreParts } from '../cli-test-bench.ts'

const url = 'postgresql://me:sEcret@db.example.com/shop'
const argv = ['backup', 'import', '--as', 'shop', '--host', 'ams-1']

/** A core that only notes which connection string it is asked to look at. */
function core(): { parts: CoreParts; given: string[] } {
  const given: string[] = []
  const host = { id: '6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c11', name: 'ams-1' }
  return {
    given,
    parts: {
      secrets: {
        status: () => Promise.resolve({ place: 'keychain', state: 'ready', error: null }),
      },
      hosts: { list: () => Promise.resolve([host] as never) },
      engines: {
        list: () => Promise.resolve([{ id: 'postgres', versions: [{ version: '17' }] }] as never),
      },
      transfers: {
        planServer: ({ connectionString }) => {
          given.push(connectionString)
          return Promise.reject(new Error('that is enough'))
        },
      },
    },
  }
}

test.each([
  ['standard input', { stdin: `${url}\n` }, ['--secret-stdin']],
  ['a terminal', { stdin: `${url}\r`, terminal: true }, []],
])('a connection string comes by %s', async (_by, bench, more) => {
  const { parts, given } = core()
  const { stdout, stderr } = await runOn({ core: parts, ...bench }, ...argv, '--from-url', ...more)
  expect(given).toEqual([url])
  expect(stdout + stderr).not.toContain('sEcret')
})

test.each([[[url]], [['--from-url', url]]])(
  'on the command line it is refused: %j',
  async (words) => {
    const { parts, given } = core()
    const { code, stdout, stderr } = await runOn({ core: parts }, ...argv, ...words)
    expect(code).toBe(2)
    expect(stderr).toContain('--secret-stdin')
    expect(stdout + stderr).not.toContain('sEcret')
    expect(given).toEqual([])
  },
)

test('without a terminal it says how to give it', async () => {
  const { code, stderr } = await runOn({ core: core().parts }, ...argv, '--from-url')
  expect(code).toBe(2)
  expect(stderr).toContain('--secret-file')
})

import { expect, it } from 'vitest'
import { cliArguments } from './cli-arguments.ts'

it.each([
  [['quayside'], undefined],
  [['quayside', '--no-sandbox', '--disable-gpu'], undefined],
  [
    ['quayside', 'db', 'list', '--json'],
    ['db', 'list', '--json'],
  ],
  [
    ['quayside', '--no-sandbox', 'host', 'list'],
    ['host', 'list'],
  ],
  [
    ['quayside', '--no-sandbox', '--json', '-q', 'db', 'list'],
    ['--json', '-q', 'db', 'list'],
  ],
  [['quayside', '--help'], ['--help']],
  [['quayside', '--no-sandbox', '-V'], ['-V']],
  [['quayside', 'nonsense'], ['nonsense']],
])('reads the packaged program’s %j as %j', (argv, expected) => {
  expect(cliArguments(argv, true)).toEqual(expected)
})

it.each([
  [['electron', '.'], undefined],
  [['electron', '--inspect=0', '--no-sandbox', '/checkout'], undefined],
  [['electron', '/checkout', '--trace-warnings'], undefined],
  [
    ['electron', '--no-sandbox', '/checkout', 'job', 'list'],
    ['job', 'list'],
  ],
  [['electron', '/checkout', '--help'], ['--help']],
])('reads the checkout’s %j as %j', (argv, expected) => {
  expect(cliArguments(argv, false)).toEqual(expected)
})

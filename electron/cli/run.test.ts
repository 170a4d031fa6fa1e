import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { connectionFormats } from '../../shared/connection-formats.ts'
import { environments } from '../../shared/names.ts'
import { errorCodes, QuaysideError } from '../../shared/errors.ts'
import { exitCodeMeanings, exitCodeOf } from './exit-codes.ts'
import { runOn } from './cli-test-bench.ts'
import { createProgram } from './program.ts'
import type { Command } from 'commander'

function allCommands(from: Command): Command[] {
  return [from, ...from.commands.flatMap(allCommands)]
}

describe('the command line', () => {
  it('shows help without a command and calls that a success', async () => {
    const { code, stdout } = await runOn({})
    expect(code).toBe(0)
    expect(stdout).toContain('Usage: quayside')
    for (const [number] of exitCodeMeanings)
      expect(stdout).toMatch(new RegExp(`^ +${number} `, 'm'))
  })

  it('prints its version', async () => {
    expect(await runOn({}, '--version')).toEqual({ code: 0, stdout: '1.2.3\n', stderr: '' })
  })

  it('has help with an example for every command', async () => {
    const program = createProgram('1', { out: () => undefined }, () => Promise.resolve())
    const leaves = allCommands(program).filter((command) => command.commands.length === 0)
    expect(leaves.length).toBeGreaterThan(25)
    for (const leaf of leaves) {
      const path = [leaf.parent?.parent ? leaf.parent.name() : '', leaf.name()].filter(Boolean)
      const { code, stdout } = await runOn({}, ...path, '--help')
      expect(code).toBe(0)
      expect(stdout).toContain(`$ quayside ${path.join(' ')}`)
    }
  })

  it('takes no secret as the value of an option', () => {
    const program = createProgram('1', { out: () => undefined }, () => Promise.resolve())
    const named = allCommands(program)
      .flatMap((command) => command.options)
      .filter(
        (option) => /pass|secret/i.test(option.long ?? '') && (option.required || option.optional),
      )
      .map((option) => option.flags)
    expect(new Set(named)).toEqual(
      new Set(['--vault-passphrase-file <file>', '--secret-file <file>']),
    )
  })

  it('names every environment in the help of create', async () => {
    const { stdout } = await runOn({}, 'db', 'create', '--help')
    for (const environment of environments) expect(stdout).toContain(environment)
  })

  it.each([
    [['frob'], 'Unknown command "frob".'],
    [['db', 'lst'], 'Did you mean list?'],
    [['db'], 'A command is missing.'],
    [['db', 'show'], 'Missing required argument "database".'],
    [['db', 'list', '--frob'], 'Unknown option "--frob"'],
    [['db', 'url', 'shop', '--format', 'xml'], 'Allowed choices are url'],
    [['job', 'list', '--limit', 'many'], '--limit'],
  ])('refuses %j with exit code 2 and a reason', async (argv, reason) => {
    const { code, stdout, stderr } = await runOn({}, ...argv)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })

  it('lets no terminal obey what a server or another installation said', async () => {
    const hostile = '\u001b]0;title\u0007\u009b31m\u0000<b>'
    const list = () => {
      throw new QuaysideError('engine_failed', `It said ${hostile}.`, { hint: `So ${hostile}` })
    }
    const core = { databases: { list } }
    const plain = await runOn({ core, terminal: true }, 'db', 'list')
    expect(plain.stderr).toContain('�]0;title��31m�<b>')
    const json = await runOn({ core }, 'db', 'list', '--json')
    for (const said of [plain.stdout, plain.stderr, json.stdout, json.stderr]) {
      // Red and dim are our own.
      expect(said.replaceAll(/\u001b\[\d*[mK]/g, '')).not.toMatch(
        /[\u0000-\u0008\u000e-\u001f\u007f-\u009f]/,
      )
    }
    expect(JSON.parse(json.stderr)).toMatchObject({ error: { message: `It said ${hostile}.` } })
  })

  it('writes errors as one line of JSON on stderr, wherever --json stands', async () => {
    const list = () => Promise.resolve([])
    for (const argv of [
      ['--json', 'db', 'show', 'shop'],
      ['db', '--json', 'show', 'shop'],
      ['db', 'show', 'shop', '--json'],
    ]) {
      const { code, stdout, stderr } = await runOn({ core: { databases: { list } } }, ...argv)
      expect({ code, stdout }).toEqual({ code: 3, stdout: '' })
      expect(JSON.parse(stderr)).toMatchObject({ error: { code: 'not_found' } })
    }
  })

  it('reports a bug as such, with its cause on request', async () => {
    const list = () => Promise.reject(new Error('a wire is loose'))
    const core = { databases: { list } }
    const plain = await runOn({ core }, 'db', 'list')
    expect(plain.code).toBe(1)
    expect(plain.stderr).not.toContain('a wire is loose')
    const debugging = await runOn({ core, env: { DEBUG: '1' } }, 'db', 'list')
    expect(debugging.stderr).toContain('a wire is loose')
  })

  it('ends with 130 when it is interrupted', async () => {
    let interrupt = () => undefined as void
    const { code } = await runOn(
      {
        onStart: (press) => (interrupt = press),
        core: {
          databases: {
            list: (_input, options) =>
              new Promise((_resolve, reject) => {
                options?.signal?.addEventListener('abort', () =>
                  reject(new DOMException('gone', 'AbortError')),
                )
                interrupt()
              }),
          },
        },
      },
      'db',
      'list',
    )
    expect(code).toBe(130)
  })
})

describe('exit codes', () => {
  it('has a documented number for every error', () => {
    const documented = new Set(exitCodeMeanings.map(([number]) => number))
    for (const code of errorCodes) expect(documented).toContain(exitCodeOf(code))
  })
})

describe('docs/cli.md', () => {
  const page = readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8').replace(
    / +/g,
    ' ',
  )

  it('tells every exit code as --help does', () => {
    for (const [number, text] of exitCodeMeanings)
      expect(page).toContain(`| ${number} | ${text.replaceAll('’', "'")} |`)
  })

  it('names every command', () => {
    const program = createProgram('1', { out: () => undefined }, () => Promise.resolve())
    for (const { name, parent } of leavesOf(program))
      expect(page).toMatch(new RegExp(`\`${parent}[^|]*\\b${name}\\b`))
  })

  it('names every connection format', () => {
    for (const format of connectionFormats) expect(page).toContain(`\`${format}\``)
  })
})

function leavesOf(program: Command): { name: string; parent: string }[] {
  return program.commands.flatMap((group) =>
    group.commands.map((leaf) => ({ name: leaf.name(), parent: group.name() })),
  )
}

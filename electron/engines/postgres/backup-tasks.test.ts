import { describe, expect, it } from 'vitest'
import type { DumpSource } from '../engine-backup.ts'
import { readWords } from './backup-report.ts'
import { dumpTask, restoreTask } from './backup-tasks.ts'
import { parseSource } from './connection-string.ts'
import { formatOf } from './file-format.ts'
import { loginSettings } from './login-settings.ts'

const nonce = 'n0nce'
const source: DumpSource = {
  address: "host='127.0.0.1' port='5432'",
  user: "o'wner",
  password: 'kE:y\\word',
  database: "d'b\\",
}
const hash = 'ab'.repeat(32)
const sentHash = 'cd'.repeat(32)
const say = (...lines: string[]) => lines.map((line) => `\nquayside ${nonce} ${line}\n`).join('')
const whole = say(
  'tool=pg_dump (PostgreSQL) 15.18',
  'codec=zstd',
  `sent=${sentHash}`,
  'exits=0 0 0 0 0 0',
  'done=dump',
)
const dump = dumpTask({ source, nonce, snapshot: '00000003-1', codec: 'zstd' })
const restore = restoreTask({
  target: source,
  nonce,
  codec: 'none',
  expected: { sha256: hash, roomBytes: 1000 },
  trust: 'foreign',
})

describe('a dump’s task', () => {
  it('has its password in its input alone, as a password file has it', () => {
    expect(dump.input).toBe('*:*:*:*:kE\\:y\\\\word\n')
    expect(JSON.stringify(dump.command)).not.toContain('kE')
    expect(dump.command.slice(3)).toEqual([
      'quayside',
      nonce,
      "host='127.0.0.1' port='5432' user='o\\'wner' dbname='d\\'b\\\\'",
      'zstd',
      '00000003-1',
    ])
    const broken = { ...source, password: 'a\nb' }
    expect(() => dumpTask({ source: broken, nonce, snapshot: '1', codec: 'none' })).toThrowError(
      expect.objectContaining({ code: 'invalid_input' }),
    )
  })

  it('gets the authorities that a server is checked by, those named or those known everywhere', () => {
    const remote = parseSource('postgres://u:p@h/d?sslmode=verify-full')
    const request = { nonce, snapshot: '1', codec: 'none' as const }
    const named = dumpTask({ ...request, source: { ...remote, authorities: 'PEM' } })
    expect(named.input).toBe('*:*:*:*:p\nPEM')
    const known = dumpTask({ ...request, source: remote }).input
    expect(known.match(/BEGIN CERTIFICATE/g)?.length).toBeGreaterThan(50)
    expect(dump.input.split('\n')).toHaveLength(2)
  })

  it('reports what it made', () => {
    expect(dump.codecIn(say('codec=gzip'))).toBe('gzip')
    expect(dump.codecIn('')).toBeNull()
    const warned = `${whole}pg_dump: warning: there are circular foreign-key constraints\n`
    expect(dump.report({ exitCode: 0, stderr: warned })).toEqual({
      tool: 'pg_dump (PostgreSQL) 15.18',
      codec: 'zstd',
      sentSha256: sentHash,
      warnings: ['pg_dump: warning: there are circular foreign-key constraints'],
    })
  })

  it.each([
    ['another exit code', 137, whole],
    ['no report', 0, ''],
    ['a report that breaks off', 0, whole.replace('done=dump', '')],
    ['a report by another', 0, whole.replaceAll(nonce, 'other')],
    ['an error beside it', 0, `${whole}pg_dump: error: something\n`],
    ['words of the server', 0, `${whole}FATAL:  too many connections\n`],
    ['a parse that failed', 1, whole.replace('0 0 0 0 0 0', '0 0 0 1 0 0')],
    ['no hash of what was sent', 0, whole.replace(`sent=${sentHash}`, '')],
    ['half a hash of it', 0, whole.replace(sentHash, 'cd')],
  ])('does not count with %s', (_what, exitCode, stderr) => {
    expect(() => dump.report({ exitCode, stderr })).toThrowError(
      expect.objectContaining({ code: 'backup_failed' }),
    )
  })

  it.each([
    ['1 0 0 1 0 0', 'The database could not be dumped.'],
    ['0 137 1 1 0 0', 'The dump could not be compressed on the host.'],
    ['0 0 1 0 0 0', 'The dump could not be read back as it was made.'],
    // Who parses has gone, and everything before has nobody to write to.
    ['0 141 141 1 0 141', 'The dump could not be read back as it was made.'],
    ['0 0 0 0 1 0', 'The dump broke off on the host.'],
  ])('says which of its programs failed: %s', (exits, message) => {
    expect(() => dump.report({ exitCode: 1, stderr: say(`exits=${exits}`) })).toThrowError(
      expect.objectContaining({ code: 'backup_failed', message }),
    )
  })

  it('tells a server that was stopped meanwhile from a dump that failed', () => {
    const stderr = `pg_dump: error: query failed: FATAL:  terminating connection due to administrator command\n`
    const said = `${stderr}${say('exits=1 0 0 1 0 0')}`
    expect(() => dump.report({ exitCode: 1, stderr: said })).toThrowError(
      expect.objectContaining({ code: 'engine_not_ready' }),
    )
  })

  it('is tried again where somebody wants a table for himself as it begins', () => {
    const stderr = `pg_dump: error: query failed: ERROR:  canceling statement due to statement timeout
pg_dump: detail: Query was: LOCK TABLE public.orders IN ACCESS SHARE MODE\n${say('exits=1 0 0 1 0 0')}`
    // Of this code a job is tried again by itself.
    expect(() => dump.report({ exitCode: 1, stderr })).toThrowError(
      expect.objectContaining({ code: 'stalled' }),
    )
  })

  it('tells a hostile server’s words bounded, and without what a terminal obeys', () => {
    const stderr = `pg_dump: error: \u001b]0;title\u0007${'x'.repeat(10_000)}\n`.repeat(100)
    const { errors } = readWords(stderr, nonce)
    expect(errors).toHaveLength(20)
    expect(errors[0]).toHaveLength(500)
    expect(errors[0]).toContain('error: �]0;title�x')
  })
})

it('a task logs in to a server of ours as we do, and to others as anybody', () => {
  const restored = { nonce, codec: 'none', expected: { sha256: hash, roomBytes: 1 } } as const
  const scriptsFor = (target: DumpSource): (string | undefined)[] =>
    [
      dumpTask({ source: target, nonce, snapshot: '1', codec: 'none' }),
      restoreTask({ ...restored, target, trust: 'sealed' }),
      restoreTask({ ...restored, target, trust: 'known' }),
    ].map(({ command }) => command[2])
  const startOf = (settings: string): string => `export PGOPTIONS='${settings}'\n`
  for (const script of scriptsFor({ ...source, version: '17' }))
    expect(script?.startsWith(startOf(loginSettings('17')))).toBe(true)
  for (const script of scriptsFor(source)) expect(script?.startsWith(startOf(''))).toBe(true)
})

describe('a restore’s task', () => {
  it('leaves out owners and grants of unknown origin', () => {
    expect(restore.command).toContain('--no-owner')
    expect(restore.scratch).not.toBeNull()
    const own = restoreTask({
      target: source,
      nonce,
      codec: 'none',
      expected: { sha256: hash, roomBytes: 1 },
      trust: 'known',
    })
    expect(own.command).not.toContain('--no-acl')
  })

  it.each(['sealed', 'known', 'foreign'] as const)(
    'asks for no tablespace of the old server, of one that is %s',
    (trust) => {
      const expected = { sha256: hash, roomBytes: 1 }
      const { command } = restoreTask({ target: source, nonce, codec: 'none', expected, trust })
      const calls = command[2]?.match(/pg_restore --exit-on-error(?:\\\n|[^\n])*/g) ?? []
      expect(calls.length).toBeGreaterThan(0)
      for (const call of calls) expect(call).toContain('--no-tablespaces')
    },
  )

  it('tells how far it came', () => {
    expect(restore.phaseIn('')).toBeNull()
    expect(restore.phaseIn(say('phase=receiving', 'phase=checking'))).toBe('checking')
    const done = say('phase=checking', 'phase=restoring', 'exits=0', 'phase=done')
    expect(restore.report({ exitCode: 0, stderr: done })).toEqual({ warnings: [] })
    const without = done + say('analysed=no')
    expect(restore.report({ exitCode: 0, stderr: without }).warnings).toEqual([
      expect.stringContaining('run ANALYZE'),
    ])
  })

  it.each([
    ['hash', 'backup_damaged'],
    ['decode', 'backup_damaged'],
    ['parse', 'backup_damaged'],
    ['space 12', 'disk_full'],
    ['write', 'disk_full'],
    ['codec', 'restore_failed'],
  ])('fails by its problem %s as %s', (problem, code) => {
    const ended = { exitCode: 13, stderr: say('phase=receiving', `problem=${problem}`) }
    expect(() => restore.report(ended)).toThrowError(expect.objectContaining({ code }))
  })

  it('that finds too little room says how much is there', () => {
    const report = (problem: string) => () =>
      restore.report({ exitCode: 11, stderr: say(`problem=${problem}`) })
    expect(report('space 1000 200000')).toThrowError(/: 1\.\d MB are free, and it needs 205 MB\.$/)
    expect(report('write')).toThrowError(/for what is restored\.$/)
  })

  it('that found no more room says so, whoever said it', () => {
    const table = 'pg_restore: error: COPY failed for table "a": ERROR:  could not extend file'
    const report = (said: string) => () =>
      restore.report({ exitCode: 20, stderr: `${say('phase=restoring')}${said}\n` })
    expect(report(`${table} "base/16/17": No space left on device`)).toThrowError(
      expect.objectContaining({ code: 'disk_full' }),
    )
    // That is memory, and no room on the disk would help.
    const shared = 'ERROR:  could not resize shared memory segment "/p": No space left on device'
    expect(report(`pg_restore: error: ${shared}`)).toThrowError(
      expect.objectContaining({ code: 'restore_failed' }),
    )
  })

  it('of a newer tool’s dump says so, and not that it is damaged', () => {
    const said = 'pg_restore: error: unsupported version (1.99) in file header\n'
    const stderr = `${say('phase=checking')}${said}${say('problem=parse')}`
    expect(() => restore.report({ exitCode: 15, stderr })).toThrowError(
      expect.objectContaining({
        code: 'restore_failed',
        hint: expect.stringContaining('newer version') as string,
      }),
    )
  })

  it('is done also where a notice or a warning speaks of errors', () => {
    const warning = 'psql:<stdin>:13: WARNING:  import finished: ERROR: none'
    const said = [
      'psql:<stdin>:12: NOTICE:  import finished, last error: none',
      warning,
      'last error: none',
    ]
    const stderr = `${say('phase=restoring', 'exits=0 0')}${said.join('\n')}\n${say('phase=done')}`
    expect(restore.report({ exitCode: 0, stderr })).toEqual({ warnings: [warning] })
  })

  it.each([
    'psql:<stdin>:12: ERROR:  import failed: NOTICE: nothing else',
    'FATAL:  too many connections',
    'psql: error: connection to server failed',
    'pg_restore: error: could not execute query: ERROR:  out of memory, WARNING: none',
  ])('is no success with %s', (line) => {
    const stderr = `${say('phase=restoring')}${line}\n${say('phase=done')}`
    expect(() => restore.report({ exitCode: 0, stderr })).toThrowError(
      expect.objectContaining({ code: 'restore_failed' }),
    )
  })

  it('that was ended in between is no success', () => {
    const stderr = say('phase=restoring')
    for (const exitCode of [0, 137])
      expect(() => restore.report({ exitCode, stderr })).toThrowError(
        expect.objectContaining({ code: 'restore_failed' }),
      )
  })
})

describe('a file', () => {
  it.each([
    ['PGDMP\u0001\u000e', 'custom'],
    ['-- PostgreSQL database dump\n\\restrict x\n', 'statements'],
    ['SELECT 1;', 'statements'],
    ['', null],
    ['toc.dat\u0000\u0000', null],
  ])('that begins with %j is %s', (head, format) => {
    expect(formatOf(Buffer.from(head, 'latin1'))).toBe(format)
  })

  it('may be cut within a letter', () => {
    expect(formatOf(Buffer.from('-- überall 表').subarray(0, -1))).toBe('statements')
    expect(formatOf(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x41, 0x42]))).toBeNull()
  })
})

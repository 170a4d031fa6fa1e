import { rootCertificates } from 'node:tls'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Codec } from '../../../shared/backup-manifest.ts'
import type {
  DumpReport,
  DumpRequest,
  DumpSource,
  DumpTask,
  ImportRequest,
  RestorePhase,
  RestoreReport,
  RestoreRequest,
  RestoreTask,
} from '../engine-backup.ts'
import { formatBytes } from '../../../shared/sizes.ts'
import { readWords, type TaskWords } from './backup-report.ts'
import {
  dumpScript,
  importScript,
  restoreAsItComesScript,
  restoreScript,
  runFolder,
  scratchFolder,
} from './backup-scripts.ts'
import { authoritiesFile, conninfo } from './connection-string.ts'
import { isDiskFull } from './disk-full.ts'
import { loginSettings } from './login-settings.ts'

/** For the lists of contents of a database with very many tables, twice in a dump. */
const memoryBytes = 2 ** 30
/** As measured: more takes the server's processors without being faster. */
const restoreJobs = 2
/** Left free on Docker's disk beside what is asked for, bytes. */
const spareBytes = 64 * 2 ** 20

/** A script beside a server, whose tools log in to it with the settings that suit its version. */
const shell = ({ version }: DumpSource, script: string, ...words: string[]): string[] => [
  'sh',
  '-c',
  `export PGOPTIONS='${loginSettings(version)}'\n${script}`,
  'quayside',
  ...words,
]

/** See `EngineBackup.dump`. */
export function dumpTask({ source, nonce, snapshot, codec }: DumpRequest): DumpTask {
  return {
    command: shell(source, dumpScript, nonce, wordsOf(source), codec, snapshot),
    input: passwordLine(source.password) + authoritiesFor(source),
    tmpfs: [runFolder],
    scratch: null,
    memoryBytes,
    codecIn: (stderr) => codecOf(readWords(stderr, nonce)),
    report: ({ exitCode, stderr }) => dumpReport(readWords(stderr, nonce), exitCode),
  }
}

function dumpReport(words: TaskWords, exitCode: number): DumpReport {
  const { values, errors, warnings } = words
  const exits = values.get('exits')
  const sentSha256 = values.get('sent') ?? ''
  const codec = codecOf(words)
  const whole =
    exitCode === 0 &&
    values.get('done') === 'dump' &&
    exits === '0 0 0 0 0 0' &&
    errors.length === 0 &&
    isSha256(sentSha256)
  if (!whole || codec === null) {
    if (wasShutDown(words)) throw shutDown(words, exitCode)
    if (waitedForTable(words)) throw tableWanted(words, exitCode)
    throw new QuaysideError('backup_failed', dumpSentence(words), {
      hint: hintOf(words) ?? 'The technical cause says what the tools said.',
      detail: detailOf(words, exitCode),
    })
  }
  const tool = values.get('tool') ?? 'pg_dump'
  return { tool, codec, sentSha256, warnings }
}

/** The tool waits for a table by a limit for statements, and for nothing else. */
function waitedForTable({ errors, last }: TaskWords): boolean {
  return /canceling statement due to statement timeout/.test(`${errors.join('\n')}\n${last}`)
}

/**
 * The session whose snapshot is dumped has locked all tables before: so somebody has asked for one of
 * them since, for himself alone, and waits for that session, and the tool behind him.
 */
function tableWanted(words: TaskWords, exitCode: number): QuaysideError {
  return new QuaysideError('stalled', 'A table was wanted by another as the dump began.', {
    hint: 'Something such as TRUNCATE or ALTER TABLE asked for it in that moment. Try again.',
    detail: detailOf(words, exitCode),
  })
}

function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text)
}

/** What a program ends with whose reader has gone before: the fault is that one's. */
const brokenPipe = '141'

function dumpSentence({ values, errors }: TaskWords): string {
  const exits = values.get('exits')?.split(' ') ?? []
  const [dumped, encoded, decoded, parsed, ...sending] = exits
  const failed = (code: string | undefined): boolean => code !== undefined && code !== '0'
  if (failed(dumped)) return 'The database could not be dumped.'
  if (failed(encoded) && encoded !== brokenPipe)
    return 'The dump could not be compressed on the host.'
  if (failed(decoded) || failed(parsed)) return 'The dump could not be read back as it was made.'
  if (sending.some(failed)) return 'The dump broke off on the host.'
  if (errors.length > 0) return 'The dump was made with errors, so it does not count.'
  return 'The dump ended before it was done.'
}

/** See `EngineBackup.restore`. */
export function restoreTask(request: RestoreRequest): RestoreTask {
  if (request.trust === 'sealed') return receivingTask(request, restoreAsItComesScript, [])
  const foreign = request.trust === 'foreign'
  const without = ['--no-owner', '--no-acl', '--no-comments', '--no-security-labels']
  const options = [`--jobs=${restoreJobs}`, ...(foreign ? without : [])]
  // One of ours is the dump of its SHA-256, which was read to its end as it was made.
  return receivingTask(request, restoreScript, [foreign ? '0' : '1', ...options])
}

/** See `EngineBackup.importStatements`. */
export function importTask(request: ImportRequest): RestoreTask {
  return receivingTask(request, importScript, [])
}

function receivingTask(
  { target, nonce, codec, expected }: Omit<RestoreRequest, 'trust'>,
  script: string,
  options: string[],
): RestoreTask {
  const { sha256, roomBytes } = expected
  const needed = Math.ceil((roomBytes + spareBytes) / 1024)
  const words = [nonce, wordsOf(target), codec, sha256, String(needed), ...options]
  return {
    command: shell(target, script, ...words),
    input: passwordLine(target.password),
    tmpfs: [runFolder],
    scratch: scratchFolder,
    memoryBytes,
    phaseIn: (stderr) => phaseOf(readWords(stderr, nonce)),
    report: ({ exitCode, stderr }) => restoreReport(readWords(stderr, nonce), exitCode),
  }
}

function restoreReport(words: TaskWords, exitCode: number): RestoreReport {
  const { values, errors, warnings } = words
  if (exitCode !== 0 || phaseOf(words) !== 'done' || errors.length > 0) {
    throw restoreFailed(words, exitCode)
  }
  const unknown = values.get('analysed') === 'no' ? [unanalysed] : []
  return { warnings: [...warnings, ...unknown] }
}

const unanalysed =
  'Its statistics could not be gathered: run ANALYZE, or queries may be slow at first.'

function restoreFailed(words: TaskWords, exitCode: number): QuaysideError {
  const detail = detailOf(words, exitCode)
  const [problem = '', ...kibibytes] = (words.values.get('problem') ?? '').split(' ')
  // All of it has come then: its hash was compared before.
  if (problem === 'parse' && isNewer(words)) return newerDump(words, detail)
  switch (problem) {
    case 'space':
    case 'write':
      return new QuaysideError(
        'disk_full',
        `The host has no room for what is restored${roomOf(kibibytes)}.`,
        {
          hint: 'Free space there (“docker system df” shows what Docker holds), then retry. Nothing was changed.',
          detail,
        },
      )
    case 'hash':
    case 'decode':
    case 'parse':
      return new QuaysideError('backup_damaged', 'What reached the host is not the whole dump.', {
        hint: 'Nothing was changed. Verify the backup; if it is fine, restore again.',
        detail,
      })
    case 'codec':
      return new QuaysideError('restore_failed', 'The image can’t decompress this on the host.', {
        hint: 'Nothing was changed.',
        detail,
        // Whoever sends it may decompress it before.
        facts: { problem },
      })
  }
  if (wasShutDown(words)) throw shutDown(words, exitCode)
  if (isDiskFull(`${words.errors.join('\n')}\n${words.last}`)) {
    return new QuaysideError('disk_full', 'The disk of the host became full meanwhile.', {
      hint: 'Free space there (“docker system df” shows what Docker holds), then retry.',
      detail,
    })
  }
  const touched = !['receiving', 'checking', null].includes(phaseOf(words))
  return new QuaysideError(
    'restore_failed',
    touched
      ? 'The database refused what the dump holds.'
      : 'The restore broke off before it began.',
    { hint: hintOf(words) ?? 'The technical cause says what the tools said.', detail },
  )
}

function isNewer({ errors, last }: TaskWords): boolean {
  return /server version mismatch|unsupported version/.test(`${errors.join('\n')}\n${last}`)
}

function newerDump(words: TaskWords, detail: string): QuaysideError {
  return new QuaysideError(
    'restore_failed',
    'The dump was made by a newer version than the database has.',
    { hint: hintOf(words) ?? 'Nothing was changed.', detail },
  )
}

/** How much is there and how much is needed, where the task has told both. */
function roomOf(kibibytes: readonly string[]): string {
  const [free = '', needed = ''] = kibibytes
  if (!/^\d+$/.test(free) || !/^\d+$/.test(needed)) return ''
  const told = (words: string): string => formatBytes(Number(words) * 1024)
  return `: ${told(free)} are free, and it needs ${told(needed)}`
}

/** As when Docker stops it, or a restart has just begun it anew. */
function wasShutDown({ errors, last }: TaskWords): boolean {
  return /terminating connection due to administrator command|the database system is (?:shutting down|starting up)/.test(
    `${errors.join('\n')}\n${last}`,
  )
}

function shutDown(words: TaskWords, exitCode: number): QuaysideError {
  return new QuaysideError('engine_not_ready', 'The database ended the connection meanwhile.', {
    hint: 'It was stopped, or somebody ended its connections. See that it runs, then retry.',
    detail: detailOf(words, exitCode),
  })
}

function codecOf({ values }: TaskWords): Codec | null {
  const codec = values.get('codec')
  return codec === 'none' || codec === 'gzip' || codec === 'zstd' ? codec : null
}

const phases: readonly RestorePhase[] = ['receiving', 'checking', 'restoring', 'indexing', 'done']

function phaseOf({ values }: TaskWords): RestorePhase | null {
  return phases.find((phase) => phase === values.get('phase')) ?? null
}

function detailOf({ values, errors, last }: TaskWords, exitCode: number): string {
  const said = errors.length > 0 ? errors.join('\n') : last
  const codes = values.get('exits')
  return `${said}\nexit code ${exitCode}${codes === undefined ? '' : ` (${codes})`}`.trim()
}

/** What helps with the reasons that are met most. */
function hintOf(words: TaskWords): string | null {
  const { errors, last } = words
  const said = `${errors.join('\n')}\n${last}`
  if (/password authentication failed/.test(said)) {
    return 'The database refused the password from the keychain; it may have been changed outside Quayside.'
  }
  if (/Connection refused|the database system is (?:starting|shutting)/.test(said)) {
    return 'The database does not accept connections. Start it, then retry.'
  }
  if (/server closed the connection unexpectedly|could not receive data from server/.test(said)) {
    return 'The server ended the connection in the middle: it has crashed, or something on the way cut it. See that it runs, then try again.'
  }
  if (/extension ".*" is not available|could not open extension control file/.test(said)) {
    return 'The image of the new database does not have this extension.'
  }
  if (/permission denied to create extension/.test(said)) {
    return 'Only a superuser may make this extension, and what is of unknown origin is restored by none. Import from the server itself: what it has in its schema “public” is made before.'
  }
  if (/permission denied to change owner of/.test(said)) {
    return 'What it names as the owner was a superuser, and is a role without that right on this server. Restore it as a new database.'
  }
  if (isNewer(words)) {
    return 'It comes from a newer version. Use a database of that version or a newer one.'
  }
  if (isDiskFull(said)) return 'The disk of the host is full. Free space there.'
  return null
}

function wordsOf({ address, user, database }: DumpSource): string {
  return `${address} ${conninfo({ user, dbname: database })}`
}

/** What the file holds that the connection's words name; nothing where they name none. */
function authoritiesFor({ address, authorities }: DumpSource): string {
  if (!address.includes(authoritiesFile)) return ''
  return authorities ?? rootCertificates.join('\n')
}

/** A line of libpq's password file; one that has no form there can't be sent. */
function passwordLine(password: string): string {
  if (/[\n\r\0]/.test(password)) {
    throw new QuaysideError('invalid_input', 'The password holds a line break.', {
      hint: 'PostgreSQL’s tools can’t be given such a password. Change it.',
    })
  }
  return `*:*:*:*:${password.replaceAll(/[\\:]/g, (char) => `\\${char}`)}\n`
}

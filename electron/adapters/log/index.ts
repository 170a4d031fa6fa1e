import { chmodSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import electronLog from 'electron-log/node'
import type { Log } from '../../domain/ports.ts'
import { createRedactor, type Redactor } from './redactor.ts'

/** The log, and what keeps every known secret out of it. */
export interface Diagnostics {
  readonly log: Log
  readonly redact: Redactor
}

/** Makes the log of a home. */
export function createDiagnostics(home: string): Diagnostics {
  const redact = createRedactor()
  return { redact, log: createLog({ dir: join(home, 'logs'), redact }) }
}

export interface LogOptions {
  /** The folder of `quayside.log` and its older parts; made (0700) where there is none. */
  dir: string
  /** The least that is written; `info` where not given. */
  level?: 'info' | 'warn' | 'error' | undefined
  redact: Redactor
  /** Bytes after which a new file is begun; 5 MiB where not given. */
  maxBytes?: number | undefined
}

/** How many older parts are kept beside the file that is written. */
const olderParts = 3

/**
 * The log file: one JSON object a line, `{at, level, pid, message, facts?, error?}`. Everything goes
 * through the redactor first. A log that can't be written stops nothing.
 */
export function createLog({
  dir,
  level = 'info',
  redact,
  maxBytes = 5 * 2 ** 20,
}: LogOptions): Log {
  const path = join(dir, 'quayside.log')
  makePrivate(dir, path)
  const logger = electronLog.create({ logId: path })
  const { file, console: terminal } = logger.transports
  terminal.level = false
  file.level = level
  file.maxSize = maxBytes
  file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' }
  file.resolvePathFn = () => path
  // Its own transforms print for people; these lines are for programs, and already without secrets.
  file.transforms = [({ data }): unknown => data[0]]
  file.archiveLogFn = () => rotate(path, maxBytes)

  const write = (severity: 'info' | 'warn' | 'error', line: Readonly<Record<string, unknown>>) => {
    const at = new Date().toISOString()
    logger[severity](
      JSON.stringify(redact.data({ at, level: severity, pid: process.pid, ...line })),
    )
  }
  return {
    info: (message, facts) => write('info', { message, facts }),
    warn: (message, facts) => write('warn', { message, facts }),
    error: (message, error, facts) => write('error', { message, facts, error }),
  }
}

function makePrivate(dir: string, path: string): void {
  try {
    mkdirSync(dir, { recursive: true, mode: 0o700 })
    if (process.platform !== 'win32' && existsSync(path)) chmodSync(path, 0o600)
  } catch {
    // Where nothing can be written, electron-log says so on standard error with the first line.
  }
}

function rotate(path: string, maxBytes: number): void {
  // A window and a command line write to the same file, and each counts only its own lines: the
  // other one may have begun a new file already.
  if (!existsSync(path) || statSync(path).size <= maxBytes) return
  const part = (number: number): string => path.replace(/\.log$/, `.${String(number)}.log`)
  rmSync(part(olderParts), { force: true })
  for (let number = olderParts - 1; number >= 1; number -= 1) {
    if (existsSync(part(number))) renameSync(part(number), part(number + 1))
  }
  renameSync(path, part(1))
}

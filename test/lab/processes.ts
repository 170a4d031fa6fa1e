import { spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import * as z from 'zod'
import { LabError } from './lab-error.ts'

/** A process we started. The kernel gives its number to another one later, its start time it does not. */
export const processRecord = z.object({ pid: z.int().positive(), started: z.string() })
export type ProcessRecord = z.infer<typeof processRecord>

/** In the environment of all that a lab starts: by it they are found even where no record was kept. */
export const processMark = 'QUAYSIDE_LAB_PROCESS'

type Start = {
  readonly command: readonly [string, ...string[]]
  readonly labId: string
  readonly logFile: string
  readonly env?: Readonly<Record<string, string>>
  /** A file to be its input; none otherwise. */
  readonly inputFile?: string
}

/** Starts a program that outlives us, its output in a log file. Throws where it can't be started. */
export async function startDetached(start: Start): Promise<ProcessRecord> {
  const [program, ...args] = start.command
  const log = openSync(start.logFile, 'a')
  const input = openSync(start.inputFile ?? '/dev/null', 'r')
  try {
    const child = spawn(program, args, {
      detached: true,
      cwd: '/',
      stdio: [input, log, log],
      env: { ...bareEnvironment(), ...start.env, [processMark]: start.labId },
    })
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    child.unref()
    const record = child.pid === undefined ? undefined : recordOf(child.pid)
    if (!record) throw new LabError(`${program} ended at once: see ${start.logFile}`)
    return record
  } finally {
    closeSync(log)
    closeSync(input)
  }
}

/** What a service sees of our environment: nothing that is about the person who runs the lab. */
export function bareEnvironment(): Record<string, string> {
  const standard = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
  return { PATH: standard, LANG: 'C.UTF-8', HOME: '/' }
}

/** The record of a running process; undefined where there is none of this number. */
export function recordOf(pid: number): ProcessRecord | undefined {
  const fields = statOf(pid)
  return fields && { pid, started: fields.started }
}

export function isAlive(record: ProcessRecord | undefined): record is ProcessRecord {
  if (!record) return false
  const fields = statOf(record.pid)
  return fields !== undefined && fields.started === record.started && !/[ZX]/.test(fields.state)
}

/** Ends a process: politely, after some seconds by force. Does nothing where it is gone already. */
export async function endProcess(
  record: ProcessRecord | undefined,
  { patience = 5_000 }: { patience?: number } = {},
): Promise<void> {
  if (!isAlive(record)) return
  if (patience > 0) signal(record, 'SIGTERM')
  if (await waitUntil(() => !isAlive(record), { patience })) return
  signal(record, 'SIGKILL')
  await waitUntil(() => !isAlive(record), { patience: 5_000 })
}

/** All processes that carry the mark of this lab. */
export function markedProcesses(labId: string): ProcessRecord[] {
  const mark = `${processMark}=${labId}`
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    const environment = readIfThere(`/proc/${name}/environ`)
    const record = environment?.split('\0').includes(mark) ? recordOf(Number(name)) : undefined
    return record ? [record] : []
  })
}

/** Asks every 30 ms; false where it did not come true in so many milliseconds. */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  { patience }: { patience: number },
): Promise<boolean> {
  const end = performance.now() + patience
  while (!(await condition())) {
    if (performance.now() > end) return false
    await sleep(30)
  }
  return true
}

function signal(record: ProcessRecord, name: NodeJS.Signals): void {
  try {
    process.kill(record.pid, name)
  } catch (error) {
    // It may end between our look and our signal.
    if (isAlive(record)) throw error
  }
}

/** State and start time: the fields 3 and 22; the program's name before them may hold spaces and brackets. */
function statOf(pid: number): { state: string; started: string } | undefined {
  const text = readIfThere(`/proc/${pid}/stat`)
  if (text === undefined) return undefined
  const [state = '', ...rest] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state, started: rest[18] ?? '' }
}

/** A file of /proc; undefined where its process has gone (ESRCH while reading, ENOENT before). */
function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

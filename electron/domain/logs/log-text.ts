import type { LogLine } from '../../../shared/contract/logs.ts'
import type { ContainerLogLine } from '../ports.ts'

/** Colours and cursor moves, and the sequences that set a title or a link. */

const escapes = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g
/** All others, but for the tab; with them those that turn the direction of writing. */

const controls = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g

const levels: readonly [NonNullable<LogLine['level']>, RegExp][] = [
  ['error', /\b(?:PANIC|FATAL|ERROR|CRITICAL)\b(?=[:\s\]|])|\[(?:error|fatal)\]/],
  ['warning', /\b(?:WARNING|WARN)\b(?=[:\s\]|])|\[(?:warning|warn)\]/],
  ['info', /\b(?:LOG|INFO|NOTICE|DEBUG\d?|NOTE)\b(?=[:\s\]|])|\[(?:info|note|debug)\]/],
]
/** A level stands near the beginning: further on it is part of what is told. */
const levelWithin = 160

/** A line as it is shown: plain text, without secrets, with its level where it says one. */
export function readLine(
  { at, stream, text, cut }: ContainerLogLine,
  redact: (text: string) => string,
): LogLine {
  const plain = redact(text.replace(escapes, '').replace(controls, ''))
  const beginning = plain.slice(0, levelWithin)
  const level = levels.find(([, pattern]) => pattern.test(beginning))?.[0] ?? null
  return { at: Math.floor(Number(at) * 1000), stream, level, text: plain, cut }
}

/** A line in a file: the moment, then what was written. */
export function writeLine({ at, text, cut }: LogLine): string {
  return `${new Date(at).toISOString()} ${text}${cut ? ' […]' : ''}\n`
}

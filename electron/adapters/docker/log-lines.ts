import { StringDecoder } from 'node:string_decoder'
import type { ContainerLogLine } from '../../domain/ports.ts'
import { readFrames } from './log-frames.ts'

/** Of a longer line the rest is left out, bytes. */
const longestLine = 16 * 1024
/** Docker's time stamp, `2026-01-02T12:00:00.123456789Z`, and the space behind it, bytes. */
const longestStamp = 40

type Stream = ContainerLogLine['stream']

/** A line that has begun: what of it is kept, and where in it the next byte belongs. */
interface Begun {
  /** Null until the stamp is whole. */
  at: string | null
  stamp: string
  kept: Buffer[]
  keptBytes: number
  cut: boolean
}

/**
 * Takes a log with time stamps apart into lines, however its bytes are cut into pieces. Docker
 * breaks a long line into entries, each in a frame with the same stamp: they are joined again. A
 * container with a terminal has no frames, but lines alone.
 * @throws Error at a bad frame: what was meant is never guessed
 */
export function createLogLines(): (chunk: Buffer) => ContainerLogLine[] {
  const begun: Record<Stream, Begun | null> = { stdout: null, stderr: null }
  let lines: ContainerLogLine[] = []
  let framed: boolean | null = null
  /** The entry that is being read begins with a stamp of its own. */
  let stampDue = true

  const take = (piece: Buffer, stream: Stream): void => {
    for (let at = 0; at < piece.length;) {
      const line = (begun[stream] ??= { at: null, stamp: '', kept: [], keptBytes: 0, cut: false })
      if (stampDue) {
        const space = piece.indexOf(0x20, at)
        const end = space === -1 ? piece.length : space
        line.stamp += piece.toString('latin1', at, end)
        if (line.stamp.length > longestStamp) throw new Error('a line of the log has no time stamp')
        at = end
        if (space === -1) return
        at += 1
        stampDue = false
        line.at ??= secondsOf(line.stamp)
        line.stamp = ''
        continue
      }
      const newline = piece.indexOf(0x0a, at)
      const end = newline === -1 ? piece.length : newline
      keep(line, piece.subarray(at, end))
      at = end
      if (newline === -1) return
      at += 1
      lines.push(finish(line, stream))
      begun[stream] = null
      // The next line of the same piece; a frame holds one entry, but nobody promises that.
      stampDue = true
    }
  }

  const frames = readFrames((piece, stream, begins) => {
    if (begins) stampDue = true
    take(piece, stream === 2 ? 'stderr' : 'stdout')
  })

  return (chunk) => {
    lines = []
    framed ??= chunk.length === 0 ? null : (chunk[0] ?? 0) <= 2
    if (framed === true) frames.take(chunk)
    else take(chunk, 'stdout')
    return lines
  }
}

function keep(line: Begun, bytes: Buffer): void {
  const room = longestLine - line.keptBytes
  if (bytes.length > room) line.cut = true
  const kept = bytes.subarray(0, room)
  if (kept.length === 0) return
  line.kept.push(kept)
  line.keptBytes += kept.length
}

function finish({ at, kept, cut }: Begun, stream: Stream): ContainerLogLine {
  // A cut may go through a letter, whose beginning is left out then.
  const text = new StringDecoder('utf8').write(Buffer.concat(kept)).replace(/\r$/, '')
  return { at: at ?? '0', stream, text, cut }
}

function secondsOf(stamp: string): string {
  const [, whole = '', nanos = '', zone = ''] =
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(stamp) ?? []
  if (whole === '') throw new Error('a line of the log has a bad time stamp')
  return `${Date.parse(whole + zone) / 1000}.${nanos.padEnd(9, '0')}`
}

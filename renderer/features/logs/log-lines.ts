import { mostLogLines, type LogLine, type LogNews } from '../../../shared/contract/logs.ts'

/** A line with its number, which no other line of the same log has. */
export interface NumberedLine extends LogLine {
  readonly n: number
}

/** The newest lines of a log, as many as are kept. */
export interface KeptLog {
  readonly state: LogNews['state'] | 'opening'
  readonly error: LogNews['error']
  readonly lines: readonly NumberedLine[]
}

export const noLog: KeptLog = { state: 'opening', error: null, lines: [] }

/** The log with the news behind it; the oldest lines go where there are too many. */
export function withNews({ lines }: KeptLog, news: LogNews, most = mostLogLines): KeptLog {
  const added = news.lines.map((line, index) => ({ ...line, n: news.first + index }))
  const all = added.length === 0 ? lines : [...lines, ...added]
  return {
    state: news.state,
    error: news.error,
    lines: all.length > most ? all.slice(-most) : all,
  }
}

/**
 * Makes of the news of a log that is followed anew, from the time of the newest line that is kept, what
 * goes on behind that line: what is there already is left out, and the numbers run on.
 */
export function goingOn({ lines: kept }: KeptLog): (news: LogNews) => LogNews {
  const last = kept.at(-1)
  if (last === undefined) return (news) => news
  const nameOf = ({ at, stream, text }: LogLine) => `${at} ${stream} ${text}`
  const there = kept.filter(({ at }) => at === last.at).map(nameOf)
  let left = 0
  return (news) => {
    const lines = news.lines.filter((line) => {
      const place = there.indexOf(nameOf(line))
      if (place !== -1) there.splice(place, 1)
      return place === -1 && line.at >= last.at
    })
    const first = last.n + 1 + news.first - left
    left += news.lines.length - lines.length
    return { ...news, first, lines }
  }
}

/** What the lines are narrowed by; empty sets leave all. */
export interface LogFilter {
  readonly streams: ReadonlySet<LogLine['stream']>
  readonly levels: ReadonlySet<NonNullable<LogLine['level']>>
}

/** The lines that fit. */
export function filterLines(
  lines: readonly NumberedLine[],
  { streams, levels }: LogFilter,
): readonly NumberedLine[] {
  if (streams.size === 0 && levels.size === 0) return lines
  return lines.filter(
    ({ stream, level }) =>
      (streams.size === 0 || streams.has(stream)) &&
      (levels.size === 0 || (level !== null && levels.has(level))),
  )
}

/** The places of the lines that hold the text, whatever its case. */
export function findLines(lines: readonly NumberedLine[], text: string): readonly number[] {
  if (text === '') return []
  const wanted = text.toLowerCase()
  return lines.flatMap((line, index) => (line.text.toLowerCase().includes(wanted) ? [index] : []))
}

/** The text in parts, every second one of which is what was searched for. */
export function splitAt(text: string, wanted: string): readonly string[] {
  if (wanted === '') return [text]
  const lower = text.toLowerCase()
  const sought = wanted.toLowerCase()
  // A letter whose small form has another length would shift all that follows.
  if (lower.length !== text.length) return [text]
  const parts: string[] = []
  let at = 0
  for (let hit = lower.indexOf(sought); hit !== -1; hit = lower.indexOf(sought, at)) {
    parts.push(text.slice(at, hit), text.slice(hit, hit + sought.length))
    at = hit + sought.length
  }
  return [...parts, text.slice(at)]
}

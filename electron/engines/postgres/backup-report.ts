/** Of each line and of all that is told of what a tool said. */
const longestLine = 500
const mostLines = 20

/** What helps where a table can't be locked in time. */
export const heldHint =
  'Something holds a lock on one of its tables for minutes. Retry when it is done.'

/** What a task said on its error output, taken apart. */
export interface TaskWords {
  /** Its own reports. */
  values: ReadonlyMap<string, string>
  /** Lines of the tools that tell of an error, shortened, the first ones. */
  errors: string[]
  warnings: string[]
  /** The last lines of the tools, for when none tells of an error. */
  last: string
}

/**
 * Splits the task's own lines, `quayside NONCE key=value`, from what the tools said. Only who knows the
 * nonce can write such a line.
 */
export function readWords(stderr: string, nonce: string): TaskWords {
  const values = new Map<string, string>()
  const said: string[] = []
  const start = `quayside ${nonce} `
  for (const line of stderr.split('\n')) {
    if (line.startsWith(start)) {
      const [key = '', ...value] = line.slice(start.length).split('=')
      values.set(key, printable(value.join('=')).slice(0, longestLine))
    } else if (line.trim() !== '') {
      said.push(printable(line).slice(0, longestLine))
    }
  }
  return {
    values,
    errors: said.filter((line) => errorWords.has(severityOf(line))).slice(0, mostLines),
    warnings: said.filter((line) => severityOf(line) === 'warning').slice(0, mostLines),
    last: said.slice(-mostLines).join('\n'),
  }
}

/**
 * What kind of line it is: the first such word tells. What follows are only words, as those of a function
 * of the database's. The tools speak English: the task sets LC_ALL=C.
 */
function severityOf(line: string): string | undefined {
  return severity.exec(line)?.[1]?.toLowerCase()
}

const severity =
  /(?:^|:\s)(error|fatal|panic|warning|ERROR|FATAL|PANIC|WARNING|NOTICE|INFO|LOG|DEBUG|DETAIL|HINT|CONTEXT|QUERY|STATEMENT):/
const errorWords: ReadonlySet<string | undefined> = new Set(['error', 'fatal', 'panic'])

/** Names in a dump may hold what a terminal would obey. */
function printable(line: string): string {
  return line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '�')
}

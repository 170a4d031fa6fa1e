import { styleText } from 'node:util'
import type { ErrorData } from '../../shared/errors.ts'
import type { CliIo } from './io.ts'

/** How the user wants to be answered; the same on every command. */
export interface OutputOptions {
  /** One JSON value on stdout; on stderr each line is a JSON value. */
  json: boolean
  /** Nothing on stderr but errors. */
  quiet: boolean
  color: boolean
}

/** Everything a command says. Results go to stdout, all the rest to stderr. */
export interface Output {
  readonly options: OutputOptions
  /** The answer, once for each command. */
  result(value: unknown, text: () => string): void
  /** A sentence beside the answer. */
  note(text: string): void
  /** One line of progress; `fact` is what a script gets of it. */
  progress(text: string, fact: unknown): void
  /** A line that is replaced by the next one, on a terminal only; empty clears it. */
  status(text: string): void
  error(data: ErrorData): void
  /** True when stderr is a terminal that shows an updating line. */
  readonly live: boolean
}

/** Writes to the given streams. */
export function createOutput(io: CliIo, options: OutputOptions): Output {
  const live = io.stderr.isTTY === true && !options.json && !options.quiet
  const colored = options.color && !io.env['NO_COLOR'] && io.env['TERM'] !== 'dumb'
  let statusShown = false

  const toStderr = (text: string) => {
    clearStatus()
    io.stderr.write(`${text}\n`)
  }
  const clearStatus = () => {
    if (statusShown) io.stderr.write('\r\x1b[K')
    statusShown = false
  }
  const jsonLine = (value: unknown) => toStderr(plainJson(value))
  const dim = (text: string) =>
    colored && io.stderr.isTTY === true ? styleText('dim', text, { validateStream: false }) : text
  const red = (text: string) =>
    colored && io.stderr.isTTY === true ? styleText('red', text, { validateStream: false }) : text

  return {
    options,
    live,
    result(value, text) {
      clearStatus()
      const answer = options.json ? plainJson(value) : printable(text())
      if (answer !== '') io.stdout.write(`${answer}\n`)
    },
    note(text) {
      if (options.quiet) return
      if (options.json) jsonLine({ note: text })
      else toStderr(printable(text))
    },
    progress(text, fact) {
      if (options.quiet) return
      if (options.json) jsonLine({ progress: fact })
      else toStderr(dim(printable(text)))
    },
    status(text) {
      if (!live) return
      clearStatus()
      if (text === '') return
      const width = (io.stderr.columns ?? 80) - 1
      const shown = printable(text)
      io.stderr.write(shown.length > width ? `${shown.slice(0, width - 1)}…` : shown)
      statusShown = true
    },
    error(data) {
      if (options.json) return jsonLine({ error: data })
      toStderr(`${red('Error:')} ${printable(data.message)}`)
      if (data.hint !== undefined) toStderr(printable(data.hint))
      if (data.remedy !== undefined)
        toStderr(`\n  ${printable(data.remedy).replaceAll('\n', '\n  ')}\n`)
      if (data.detail !== undefined && io.env['DEBUG']) toStderr(dim(printable(data.detail)))
    },
  }
}

/**
 * Names and messages come from servers, from destinations, from other installations: nothing in them is
 * obeyed by a terminal. Line breaks and tabs stay.
 */
function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}

/** JSON escapes the first control characters by itself, and not the others. */
function plainJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\u009f]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

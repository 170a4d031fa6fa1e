import { QuaysideError } from '../../../shared/errors.ts'
import type { Clock, HostRunner } from '../ports.ts'

// A command that changes a system must not die with the connection it was started over. So it gets a
// session of its own there and writes into a folder, which is looked at until its end is written down.

const start = `folder=$1 command=$2
parent=$(dirname "$folder")
mkdir -m 700 "$parent" 2>/dev/null
[ -O "$parent" ] || { echo "$parent belongs to someone else" >&2; exit 1; }
if [ -s "$folder/pid" ] && [ ! -e "$folder/code" ] && kill -0 "$(cat "$folder/pid")" 2>/dev/null; then exit 0; fi
rm -rf "$folder" && mkdir "$folder" || exit 1
setsid sh -c 'echo $$ >"$1/pid"; sh -c "$2" >"$1/output" 2>&1; echo $? >"$1/code.part"; mv "$1/code.part" "$1/code"' sh "$folder" "$command" </dev/null >/dev/null 2>&1 &
until [ -s "$folder/pid" ]; do sleep 0.05; done`

// Its end is looked up before its output is read, so that nothing of it is missed.
const look = `code=$(cat "$1/code" 2>/dev/null)
[ -n "$code" ] || kill -0 "$(cat "$1/pid" 2>/dev/null)" 2>/dev/null || code=$(cat "$1/code" 2>/dev/null || echo gone)
tail -c "+$2" "$1/output" 2>/dev/null | head -c 100000
echo "\${code:-running}" >&2`

const lookEveryMs = 500
const longestMs = 30 * 60_000
/** Of the output, what is kept for the one who has to find out what went wrong. */
const keptOutput = 20_000

export interface LastingCommand {
  /** On the host; names the command, so that another run of the same step finds it at work. */
  folder: string
  /** A line for sh. */
  command: string
  /** Stops looking; the command itself goes on to its end. */
  signal?: AbortSignal | undefined
  /** The newest whole line of its output. */
  onLine?: (line: string) => void
}

/**
 * Runs a command that goes on if the link is lost; run again meanwhile, this looks on at it.
 * @throws QuaysideError `host_lost`, `install_failed` when it was ended from outside
 */
export async function runLasting(
  runner: HostRunner,
  clock: Clock,
  { folder, command, signal, onLine }: LastingCommand,
): Promise<{ code: number; output: string }> {
  const started = await runner.exec(['sh', '-c', start, 'sh', folder, command], { signal })
  if (started.code !== 0) throw ended(command, started.stderr)
  const before = performance.now()
  let output = ''
  let read = 0
  for (;;) {
    const { stdout, stderr } = await runner.exec(
      ['sh', '-c', look, 'sh', folder, String(read + 1)],
      { signal },
    )
    read += Buffer.byteLength(stdout)
    output = (output + stdout).slice(-keptOutput)
    const line = lastLine(output)
    if (stdout !== '' && line !== undefined) onLine?.(line)
    const state = stderr.trim()
    if (/^\d+$/.test(state)) return { code: Number(state), output }
    if (state !== 'running') throw ended(command, output)
    if (performance.now() - before > longestMs) throw ended(command, output)
    await clock.sleep(lookEveryMs, signal)
  }
}

/** Takes away what the commands of one job wrote. */
export async function forgetCommands(runner: HostRunner, parent: string): Promise<void> {
  await runner.exec(['rm', '-rf', parent])
}

function lastLine(output: string): string | undefined {
  // apt draws its progress over itself with carriage returns.
  const lines = output.split(/[\r\n]+/).map((line) => line.trim())
  return lines.findLast((line) => line !== '')?.slice(0, 160)
}

function ended(command: string, output: string): QuaysideError {
  return new QuaysideError('install_failed', 'The command was ended before it was done.', {
    hint: 'Look at what the server was doing meanwhile, then retry.',
    detail: `${command}\n${output.trim()}`,
  })
}

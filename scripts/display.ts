import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Readable } from 'node:stream'

/** A screen that nobody sees. */
export type Display = {
  /** What a program needs in its environment to draw there. */
  readonly env: Readonly<Record<string, string>>
  /** Ends it; can be called more than once. */
  readonly stop: () => Promise<void>
}

/** True where a window can be shown to the person at the machine. */
export function hasDisplay(): boolean {
  if (process.platform !== 'linux') return true
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY'])
}

// The shell watches our end of its stdin: however this process ends, killed too, the server ends with it.
const guard = 'Xvfb "$@" </dev/null & server=$!; exec 3>&-; cat >/dev/null; kill $server; wait'

/**
 * Starts an Xvfb of one's own on a free display and answers once it takes connections. It ends with
 * stop(), or with this process. Throws where Xvfb does not start.
 */
export async function startDisplay(size = '1440x960'): Promise<Display> {
  // -displayfd lets Xvfb itself pick a free number and say so when it is ready: no race for one.
  const options = ['-displayfd', '3', '-screen', '0', `${size}x24`, '-nolisten', 'tcp', '-noreset']
  const shell = spawn('sh', ['-c', guard, 'sh', ...options], {
    stdio: ['pipe', 'ignore', 'ignore', 'pipe'],
    // A group of its own: Ctrl+C shall not take the screen from under an app that is closing.
    detached: true,
  })
  const exited = once(shell, 'exit')
  const stop = async () => {
    shell.stdin?.end()
    await exited
  }
  const report = shell.stdio[3]
  const number = report instanceof Readable ? await firstLine(report) : ''
  if (number === '') {
    await stop()
    throw new Error('Xvfb does not start. Install the package xvfb.')
  }
  return { env: { DISPLAY: `:${number}`, XDG_SESSION_TYPE: 'x11' }, stop }
}

async function firstLine(stream: Readable): Promise<string> {
  let text = ''
  for await (const chunk of stream) {
    text += String(chunk)
    if (text.includes('\n')) break
  }
  return text.trim()
}

import { spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { QuaysideError } from '../../../shared/errors.ts'
import { loginRefused, securityKeyRefused } from './errors.ts'
import { openOneDoor } from './one-door.ts'
import { destination } from './system-login.ts'
import type { SystemLogin } from './system-login.ts'
import type { SystemCarrier } from './system-carrier.ts'
import type { Target } from './target.ts'

const readyWithinMs = 20_000
/** A security key blinks for 30 s. */
const touchedWithinMs = 35_000
const lookEveryMs = 15

interface LastingOptions {
  /** What makes of the login what is wanted of it. */
  words: readonly string[]
  /** Whether it is logged in, by what it said so far. */
  isReady(said: string): boolean
  /** True where someone has to touch a security key. */
  touch: boolean
  signal: AbortSignal
}

/**
 * Starts the `ssh` that stays logged in for as long as a link lives, and waits until it is. The folder of
 * its login goes with it.
 *
 * @param socket the connection to the server; it is the program's from now on
 * @throws QuaysideError `login_refused`, `host_unreachable`; `ENOENT` where there is no `ssh`
 */
export async function startLasting(
  socket: Duplex,
  login: SystemLogin,
  { words, isReady, touch, signal }: LastingOptions,
): Promise<Pick<SystemCarrier, 'said' | 'ended' | 'stop'>> {
  const door = await openOneDoor(socket)
  const child = spawn('ssh', [...login.words(door.port), '-N', ...words, ...destination], {
    stdio: ['ignore', 'ignore', 'pipe'],
    windowsHide: true,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4_000)
  })
  let over = false
  let missing: Error | null = null
  const ended = new Promise<void>((resolve) => {
    const end = () => {
      over = true
      door.close()
      // What can't be removed, as another program looks at it, is left to the system.
      void login
        .remove()
        .catch(() => undefined)
        .then(resolve)
    }
    child.once('error', (error) => {
      missing = error
      end()
    })
    child.once('close', end)
  })
  const stop = () => {
    if (!over) child.kill('SIGTERM')
  }
  const late = AbortSignal.any([
    signal,
    AbortSignal.timeout(touch ? touchedWithinMs : readyWithinMs),
  ])
  try {
    while (!isReady(said)) {
      if (isOver()) throw whyOver()
      await delay(lookEveryMs, undefined, { signal: late })
    }
    return { said: () => withoutDebug(said), ended, stop }
  } catch (error) {
    stop()
    await ended
    signal.throwIfAborted()
    throw late.aborted ? refusal(login.target, said) : error
  }

  function isOver(): boolean {
    return over
  }
  function whyOver(): Error {
    return missing ?? refusal(login.target, said)
  }
}

/** Why a login failed, by what `ssh` said. */
export function refusal(target: Target, said: string): QuaysideError {
  const detail = withoutDebug(said).slice(-500)
  if (/signing failed for \S+-SK/.test(detail)) return securityKeyRefused(target, detail)
  const allowed = /Permission denied \(([^)]*)\)/.exec(detail)?.[1]
  if (allowed !== undefined) return loginRefused(target, ['the system’s ssh'], allowed.split(','))
  return new QuaysideError(
    'host_unreachable',
    `The system’s ssh did not get through to ${target.host}.`,
    { hint: `Try “ssh ${target.alias ?? target.host}” in a terminal.`, detail },
  )
}

/** What `ssh -v` tells a user. */
export function withoutDebug(said: string): string {
  const lines = said.split(/\r?\n/)
  return lines
    .filter((line) => !/^debug\d: /.test(line))
    .join('\n')
    .trim()
}

import { spawn } from 'node:child_process'
import { lookup } from 'node:dns/promises'
import type { LookupAddress } from 'node:dns'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connectError } from './errors.ts'
import type { Target } from './target.ts'

const lookupWithinMs = 10_000
const connectWithinMs = 10_000

/** Finds the addresses of a server. @throws QuaysideError `address_unknown` */
export async function findAddress(target: Target, signal: AbortSignal): Promise<LookupAddress[]> {
  const late = AbortSignal.any([signal, AbortSignal.timeout(lookupWithinMs)])
  try {
    return await withSignal(lookup(target.host, { all: true }), late)
  } catch (error) {
    signal.throwIfAborted()
    throw connectError(
      late.aborted
        ? Object.assign(new Error('The name server does not answer.'), { code: 'ENOTFOUND' })
        : error,
      target,
    )
  }
}

/** Opens the TCP connection. @throws QuaysideError `host_unreachable` */
export function connectTcp(
  target: Target,
  addresses: readonly LookupAddress[],
  signal: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({
      host: target.host,
      port: target.port,
      autoSelectFamily: true,
      noDelay: true,
      lookup: (_host, options, done) => {
        if (options.all) done(null, [...addresses])
        else done(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 4)
      },
    })
    const fail = (error: unknown) => {
      clearTimeout(late)
      signal.removeEventListener('abort', onAbort)
      socket.destroy()
      reject(connectError(error, target))
    }
    const onAbort = () => fail(signal.reason)
    const late = setTimeout(
      () => fail(Object.assign(new Error('No answer in time.'), { code: 'ETIMEDOUT' })),
      connectWithinMs,
    )
    if (signal.aborted) return onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    socket.once('error', fail)
    socket.once('connect', () => {
      clearTimeout(late)
      signal.removeEventListener('abort', onAbort)
      // For life: until the next one listens, an error that nobody hears would end the app.
      socket.on('error', () => undefined)
      socket.off('error', fail)
      resolve(socket)
    })
  })
}

/** Runs a ProxyCommand as OpenSSH does: by the user's shell, which it replaces. */
export function connectCommand(command: string): Duplex {
  const windows = process.platform === 'win32'
  const child = spawn(windows ? command : `exec ${command}`, {
    shell: windows ? true : (process.env['SHELL'] ?? '/bin/sh'),
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own, so that what the command starts ends with it.
    detached: !windows,
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-500)
  })
  const end = () => {
    if (child.pid === undefined || child.exitCode !== null) return
    try {
      if (windows) child.kill()
      else process.kill(-child.pid)
    } catch {
      // Gone already.
    }
  }
  const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
  const fail = (reason: string) =>
    stream.destroy(new Error(`The ProxyCommand ${reason}. ${said.trim()}`.trim()))
  child.on('error', (error) => fail(`could not be started: ${error.message}`))
  child.on('exit', (code, signalName) => fail(`ended (${signalName ?? String(code)})`))
  stream.on('close', end)
  stream.on('error', end)
  return stream
}

/** Rejects with the signal's reason as soon as it aborts, whatever the work does. */
export function withSignal<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason)
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}

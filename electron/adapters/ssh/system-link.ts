import { spawn } from 'node:child_process'
import type { ChildProcess, ChildProcessWithoutNullStreams } from 'node:child_process'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { ExecOptions, ExecResult } from '../../domain/ports.ts'
import { collectOutput } from './collect-output.ts'
import { withSignal } from './dial.ts'
import { hostLost } from './errors.ts'
import { guarded } from './link.ts'
import type { Link } from './link.ts'
import { ownAddressOf } from './own-address.ts'
import { PipeStream } from './pipe-stream.ts'
import { createSessions } from './sessions.ts'
import { watchSilence } from './silence.ts'
import type { Master } from './system-master.ts'

const probeWithinMs = 3_000
/** What `ssh` says where the server has no room for one more session of the master's. */
const fullPattern = /mux_client_request_session: session request failed/

class NoRoom extends Error {
  constructor() {
    super('The server has no room for one more session.')
  }
}

/**
 * A link over the system's `ssh`: each channel is a short-lived `ssh` that hands its pipes to the
 * master, sockets on the host are forwarded to ones in the master's folder.
 *
 * @param socket the connection under it, to hear whether the host still speaks
 * @param why says why this way was taken
 */
export function createSystemLink(master: Master, socket: Duplex, name: string, why: string): Link {
  const sessions = createSessions((error) => error instanceof NoRoom, 250)
  const children = new Set<ChildProcess>()
  const streams = new Set<Duplex>()
  const forwards = new Map<string, Promise<string>>()
  let reason: Error | null = null
  let tellLost: (error: Error) => void = () => {}
  const lost = new Promise<Error>((resolve) => {
    tellLost = resolve
  })

  const lose = (error: Error) => {
    if (reason) return
    reason = error
    silence.stop()
    for (const stream of streams) stream.destroy(error)
    for (const child of children) child.kill()
    master.stop()
    socket.destroy()
    tellLost(error)
  }
  const silence = watchSilence(socket, () =>
    lose(hostLost(name, new Error('The host fell silent.'))),
  )
  void master.ended.then(() => lose(hostLost(name, new Error(master.said().trim()))))
  socket.once('close', () => lose(hostLost(name)))

  const client = (words: readonly string[]): ChildProcessWithoutNullStreams => {
    // Where the master is gone or says no, ssh would go its own way; a proxy that fails stops it.
    const shared = ['-F', 'none', '-S', master.controlPath, '-o', 'ProxyCommand=false']
    const child = spawn('ssh', [...shared, '-T', ...words])
    children.add(child)
    child.once('close', () => children.delete(child))
    child.on('error', () => {}) // “close” follows
    child.stdin.on('error', () => {}) // a program that does not read its input
    return child
  }

  /** Runs an `ssh` to its end. */
  const runClient = (words: readonly string[], options: ExecOptions): Promise<ExecResult> => {
    const child = client(words)
    const { stdin, stdout, stderr } = child
    const ended = exitOf(child, () => reason)
    const stop = () => void child.kill()
    return collectOutput({ stdin, stdout, stderr, ended, stop }, options)
  }

  const keep = (stream: Duplex): Duplex => {
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
    return stream
  }

  /** A stream over the pipes of an `ssh`, once its master has opened the channel. */
  function openClient(
    words: readonly string[],
    signal: AbortSignal | undefined,
    allowHalfOpen = true,
  ): Promise<Duplex> {
    if (reason) return Promise.reject(reason)
    const child = client(['-v', ...words])
    let said = ''
    const opened = new Promise<Duplex>((resolve, reject) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        said = (said + text).slice(-4_000)
        if (!said.includes('master session id:')) return
        child.stderr.removeAllListeners('data').resume()
        const pipe = { readable: child.stdout, writable: child.stdin }
        const stop = () => void child.kill()
        resolve(keep(new PipeStream({ ...pipe, stop, lost: () => reason }, allowHalfOpen)))
      })
      child.once('close', () => reject(reason ?? refused(said, master.said())))
    })
    return (signal ? withSignal(opened, signal) : opened).catch((error: unknown) => {
      child.kill()
      throw error
    })
  }

  /** The local socket that leads to one on the host. */
  function forwardOf(path: string): Promise<string> {
    const known = forwards.get(path)
    if (known) return known
    const local = join(master.folder, `s${forwards.size}`)
    const made = runClient(['-O', 'forward', '-L', `${local}:${path}`, 'host'], {})
      .then(({ code, stderr }) => {
        if (code !== 0) throw new Error(stderr.trim())
        return local
      })
      .then(async (to) => {
        // ssh takes every connection, and ends it where the host refuses.
        await probe(to)
        return to
      })
    made.catch(() => forwards.delete(path))
    forwards.set(path, made)
    return made
  }

  return {
    systemSsh: why,
    lost,
    ownAddress: ownAddressOf(socket),
    get reason() {
      return reason
    },
    onCrowded: sessions.onCrowded,
    get crowded() {
      return sessions.crowded
    },
    async openSocket(path, options = {}) {
      if (reason) throw reason
      const local = forwardOf(path)
      const to = await (options.signal ? withSignal(local, options.signal) : local)
      const inner = await connectLocal(to)
      const pipe = { readable: inner, writable: inner, stop: () => void inner.destroy() }
      return keep(new PipeStream({ ...pipe, lost: () => reason }, options.allowHalfOpen))
    },
    async openPort(host, port, signal) {
      const address = host.includes(':') ? `[${host}]` : host
      return await openClient(['-W', `${address}:${port}`, '--', 'host'], signal)
    },
    async openCommand(command, { signal, allowHalfOpen } = {}) {
      return await sessions.open('stream', signal, async (leave) => {
        const stream = await openClient(['--', 'host', command], signal, allowHalfOpen)
        stream.once('close', leave)
        return stream
      })
    },
    async run(command, options = {}) {
      const line = options.stdin === undefined ? guarded(command) : command
      return await sessions.open('command', options.signal, async (leave) => {
        if (reason) throw reason
        const result = await runClient(['--', 'host', line], options)
        // Said by ssh itself, before the command began.
        if (result.code === 255 && fullPattern.test(result.stderr)) throw new NoRoom()
        leave()
        return result
      })
    },
    fail: (cause) => lose(hostLost(name, cause)),
    close: () => lose(hostLost(name, new Error('Closed by Quayside.'))),
  }
}

/** The exit code of an `ssh`; rejects with the reason where the link was lost meanwhile. */
function exitOf(child: ChildProcess, lost: () => Error | null): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => {
      const reason = lost()
      if (reason) reject(reason)
      else resolve(code ?? 128)
    })
  })
}

function connectLocal(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path, allowHalfOpen: true })
    socket.once('error', reject)
    socket.once('connect', () => {
      socket.off('error', reject)
      resolve(socket)
    })
  })
}

/** Asks who speaks HTTP there, as Docker does; silence is taken for a server that is busy. */
async function probe(path: string): Promise<void> {
  const socket = await connectLocal(path)
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(resolve, probeWithinMs)
    socket.once('data', () => resolve())
    socket.once('error', reject)
    socket.once('end', () => reject(new Error('The host did not open the socket.')))
    socket.once('close', () => clearTimeout(late))
    socket.write('GET /_ping HTTP/1.1\r\nHost: docker\r\n\r\n')
  }).finally(() => socket.destroy())
}

/** As ssh2 tells it: `reason` 1 for what sshd's settings forbid. */
function refused(said: string, masterSaid: string): Error {
  if (fullPattern.test(said)) return new NoRoom()
  const why = masterSaid.trim().split('\n').at(-1) ?? ''
  const error = new Error(why === '' ? said.trim().slice(-300) : why)
  const prohibited = /administratively prohibited/.test(why)
  return Object.assign(error, { reason: prohibited ? 1 : 2 })
}

import { existsSync } from 'node:fs'
import { createConnection } from 'node:net'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { withSignal } from './dial.ts'
import { NoRoom } from './system-carrier.ts'
import type { SystemCarrier } from './system-carrier.ts'
import { startLasting } from './system-lasting.ts'
import { destination, makeLogin } from './system-login.ts'
import { channelRefused, createSystemPrograms } from './system-programs.ts'
import type { SystemWay } from './system-ways.ts'
import type { Target } from './target.ts'

const probeWithinMs = 3_000
/** What `ssh` says where the server has no room for one more session of the master's. */
const fullPattern = /mux_client_request_session: session request failed/

/**
 * Logs in by the system's `ssh` once, for all channels: each is a short-lived `ssh` that hands its pipes
 * to this one (ControlMaster), sockets on the host are forwarded to ones in its folder.
 *
 * @param socket the connection to the server; it is the master's from now on
 * @throws as `startLasting`
 */
export async function startMaster(
  socket: Duplex,
  target: Target,
  { hostKey, touch }: SystemWay,
  signal: AbortSignal,
): Promise<SystemCarrier> {
  const login = await makeLogin(target, hostKey)
  const controlPath = join(login.folder, 'c')
  const master = await startLasting(socket, login, {
    words: [
      ...['-M', '-S', controlPath, '-o', 'ControlPersist=no'],
      ...['-o', 'StreamLocalBindUnlink=yes', '-o', 'StreamLocalBindMask=0177'],
    ],
    isReady: () => existsSync(controlPath),
    touch,
    signal,
  })
  const programs = createSystemPrograms()
  const forwards = new Map<string, Promise<string>>()
  // Where the master is gone or says no, ssh would go its own way; a proxy that fails stops it.
  const shared = ['-F', 'none', '-S', controlPath, '-o', 'ProxyCommand=false', '-T']

  const open = (words: readonly string[], signal?: AbortSignal) =>
    programs.open(
      [...shared, '-v', ...words],
      (said) => said.includes('master session id:'),
      (said) => refused(said, master.said()),
      signal,
    )

  /** The local socket that leads to one on the host. */
  function forwardOf(path: string): Promise<string> {
    const known = forwards.get(path)
    if (known) return known
    const local = join(login.folder, `s${forwards.size}`)
    const words = [...shared, '-O', 'forward', '-L', `${local}:${path}`, ...destination]
    const made = programs
      .run(words, {})
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
    ...master,
    stop() {
      programs.stop()
      master.stop()
    },
    async run(command, options) {
      const result = await programs.run([...shared, ...destination, command], options)
      // Said by ssh itself, before the command began.
      if (result.code === 255 && fullPattern.test(result.stderr)) throw new NoRoom()
      return result
    },
    openCommand: (command, signal) => open([...destination, command], signal),
    openPort: (address, signal) => open(['-W', address, ...destination], signal),
    async openSocket(path, signal) {
      const local = forwardOf(path)
      return connectLocal(await (signal ? withSignal(local, signal) : local))
    },
  }
}

function refused(said: string, masterSaid: string): Error {
  if (fullPattern.test(said)) return new NoRoom()
  const why = masterSaid.split('\n').at(-1) ?? ''
  return channelRefused(why === '' ? said.trim().slice(-300) : why)
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

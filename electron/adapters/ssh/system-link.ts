import type { Duplex } from 'node:stream'
import { hostLost } from './errors.ts'
import { guarded } from './link.ts'
import type { Link } from './link.ts'
import { ownAddressOf } from './own-address.ts'
import { PipeStream } from './pipe-stream.ts'
import type { Pipe } from './pipe-stream.ts'
import { createSessions } from './sessions.ts'
import { watchSilence } from './silence.ts'
import { Cut, NoRoom } from './system-carrier.ts'
import type { SystemCarrier } from './system-carrier.ts'

/**
 * A link over the system's `ssh`.
 *
 * @param socket the connection under it, to hear whether the host still speaks
 * @param why says why this way was taken
 */
export function createSystemLink(
  carrier: SystemCarrier,
  socket: Duplex,
  name: string,
  why: string,
): Link {
  const sessions = createSessions((error) => error instanceof NoRoom, 250)
  const streams = new Set<Duplex>()
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
    carrier.stop()
    socket.destroy()
    tellLost(error)
  }
  const silence = watchSilence(socket, () =>
    lose(hostLost(name, new Error('The host fell silent.'))),
  )
  void carrier.ended.then(() => lose(hostLost(name, new Error(carrier.said()))))
  socket.once('close', () => lose(hostLost(name)))

  /** What fails because the link is lost, fails with the reason. */
  async function unlessLost<T>(work: () => Promise<T>): Promise<T> {
    throwIfLost()
    try {
      const done = await work()
      throwIfLost()
      return done
    } catch (error) {
      throwIfLost()
      throw error instanceof Cut ? hostLost(name, error) : error
    }
  }
  function throwIfLost(): void {
    if (reason) throw reason
  }

  const keep = (pipe: Pipe, allowHalfOpen?: boolean): Duplex => {
    const stream = new PipeStream({ ...pipe, lost: () => reason ?? pipe.lost() }, allowHalfOpen)
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
    return stream
  }

  /** An `ssh` that was cut off by itself says so by its code alone. */
  const pipeOf = (child: Awaited<ReturnType<SystemCarrier['openPort']>>): Pipe => ({
    readable: child.stdout,
    writable: child.stdin,
    stop: () => void child.kill(),
    lost: () => (child.exitCode === 255 || child.signalCode !== null ? hostLost(name) : null),
  })

  return {
    systemSsh: why,
    forwardsSockets: carrier.openSocket !== null,
    lost,
    ended: carrier.ended,
    ownAddress: ownAddressOf(socket),
    get reason() {
      return reason
    },
    onCrowded: sessions.onCrowded,
    get crowded() {
      return sessions.crowded
    },
    async openSocket(path, { signal, allowHalfOpen } = {}) {
      const { openSocket } = carrier
      if (openSocket === null) throw new Error('This ssh leads to no socket.')
      const inner = await unlessLost(() => openSocket(path, signal))
      const stop = () => void inner.destroy()
      return keep({ readable: inner, writable: inner, stop, lost: () => null }, allowHalfOpen)
    },
    async openPort(host, port, signal) {
      const address = host.includes(':') ? `[${host}]` : host
      return keep(pipeOf(await unlessLost(() => carrier.openPort(`${address}:${port}`, signal))))
    },
    async openCommand(command, { signal, allowHalfOpen } = {}) {
      return await sessions.open('stream', signal, async (leave) => {
        const child = await unlessLost(() => carrier.openCommand(command, signal))
        const stream = keep(pipeOf(child), allowHalfOpen)
        stream.once('close', leave)
        return stream
      })
    },
    async run(command, options = {}) {
      const line = options.stdin === undefined ? guarded(command) : command
      return await sessions.open('command', options.signal, async (leave) => {
        const result = await unlessLost(() => carrier.run(line, options))
        leave()
        return result
      })
    },
    async answers(signal) {
      // Where each command logs in by itself, that says less than a sign of life on the link.
      if (carrier.openSocket === null) await unlessLost(() => silence.heard(signal))
      else await this.run('true', { signal })
    },
    fail: (cause) => lose(hostLost(name, cause)),
    close: () => lose(hostLost(name, new Error('Closed by Quayside.'))),
  }
}

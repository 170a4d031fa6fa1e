import type { Duplex } from 'node:stream'
import type { Channel, Client, ClientChannel } from 'ssh2'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import type { ExecOptions, ExecResult } from '../../domain/ports.ts'
import { ChannelStream } from './channel-stream.ts'
import { collectOutput } from './collect-output.ts'
import { hostLost, isProhibited } from './errors.ts'
import { ownAddressOf } from './own-address.ts'
import { quoteWords } from './quote.ts'
import { createSessions } from './sessions.ts'
import { watchSilence } from './silence.ts'

export interface OpenOptions {
  signal?: AbortSignal | undefined
  /** False ends the stream as soon as the other side has ended its half. */
  allowHalfOpen?: boolean | undefined
}

/** One SSH connection, logged in. It lives until it is closed or lost, and never comes back. */
export interface Link {
  /** Why the system's `ssh` carries it, as `systemReason` says it; absent where it does not. */
  readonly systemSsh?: string | undefined
  /** The jump hosts that carry it and are reached so themselves; absent where it goes through none. */
  systemSshJumps?: HostStatus['systemSshJumps']
  /** The address of this computer it goes out from; null where another link carries it. */
  readonly ownAddress: string | null
  /** False where `openSocket` never gets through, as the system's `ssh` cannot do that here. */
  readonly forwardsSockets: boolean
  /** A stream to a Unix socket on the host. */
  openSocket(path: string, options?: OpenOptions): Promise<Duplex>
  /** A stream to a TCP port as seen from the host. */
  openPort(host: string, port: number, signal?: AbortSignal): Promise<Duplex>
  /** The input and output of a command that runs on the host; four at a time, others wait. */
  openCommand(command: string, options?: OpenOptions): Promise<Duplex>
  /** True while someone waits for a session. */
  readonly crowded: boolean
  /** Calls back when `openCommand` has to wait, so that an idle stream can be given up. */
  onCrowded(tell: () => void): void
  /** Runs a command to its end. @throws QuaysideError `host_lost` when no exit code came. */
  run(command: string, options?: ExecOptions): Promise<ExecResult>
  /** Rejects unless the host shows in time that it is still there. */
  answers(signal: AbortSignal): Promise<void>
  /** Resolves with the reason once the connection is gone. */
  readonly lost: Promise<Error>
  /** The reason, once it is gone. */
  readonly reason: Error | null
  /** Resolves once nothing of it is left on this computer; absent where that is so with `lost`. */
  ended?: Promise<void> | undefined
  /** Gives the connection up as broken. */
  fail(cause: unknown): void
  /** Ends the connection in good order. */
  close(): void
}

/**
 * Takes over a connection that is logged in.
 *
 * @param name what users call the host, for messages
 * @param windowBytes how much the host may send ahead on a stream; ssh2's own where left out
 */
export function createLink(
  client: Client,
  socket: Duplex,
  name: string,
  windowBytes?: number,
): Link {
  const sessions = createSessions(
    (error) => error instanceof Error && 'reason' in error && !isProhibited(error),
    50,
  )
  const streams = new Set<Duplex>()
  /** Of each session that is open: gives its place free. */
  const leavers = new Set<() => void>()
  const { promise: lost, resolve: tell } = deferred<Error>()
  let reason: Error | null = null

  // ssh2 tells 'close' before it ends the channels like files that were read to their end; so every
  // stream is destroyed with the true reason first.
  const lose = (error: Error) => {
    if (reason) return
    reason = error
    silence.stop()
    for (const stream of streams) stream.destroy(error)
    streams.clear()
    // Not every channel says that it is closed then.
    for (const leave of leavers) leave()
    leavers.clear()
    socket.destroy()
    tell(error)
  }
  const silence = watchSilence(socket, () =>
    lose(hostLost(name, new Error('The host fell silent.'))),
  )
  client.on('error', (error) => lose(hostLost(name, error)))
  client.on('end', () => lose(hostLost(name)))
  client.on('close', () => lose(hostLost(name)))

  const lostBecause = (cause: unknown) => reason ?? hostLost(name, cause)

  const keep = (channel: Channel | ClientChannel, allowHalfOpen?: boolean): Duplex => {
    const stream = new ChannelStream(channel, allowHalfOpen, windowBytes)
    streams.add(stream)
    stream.once('close', () => streams.delete(stream))
    return stream
  }

  // A channel is taken over at once: ssh2 reads a whole packet in one go, and a short command's exit
  // can stand in the same one as the answer that opened its channel, above all through a jump host.
  function open<C extends Channel | ClientChannel, T>(
    ask: (done: Opened<C>) => void,
    signal: AbortSignal | undefined,
    takeOver: (channel: C) => T,
  ): Promise<T> {
    return new Promise((resolve, reject) => {
      if (reason) return reject(reason)
      if (signal?.aborted) return reject(signal.reason)
      const onAbort = () => reject(signal?.reason)
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        ask((error, channel) => {
          signal?.removeEventListener('abort', onAbort)
          if (error) return reject(reason ?? error)
          if (signal?.aborted) return channel.close()
          resolve(takeOver(channel))
        })
      } catch (error) {
        // ssh2 throws at once where the socket is closed already.
        reject(lostBecause(error))
      }
    })
  }

  function openSession<T>(
    kind: 'command' | 'stream',
    command: string,
    signal: AbortSignal | undefined,
    takeOver: (channel: ClientChannel) => T,
  ): Promise<T> {
    const ask = (done: Opened<ClientChannel>) => client.exec(command, done)
    return sessions.open(kind, signal, (leave) =>
      open(ask, signal, (channel) => {
        leavers.add(leave)
        channel.once('close', () => {
          leavers.delete(leave)
          leave()
        })
        return takeOver(channel)
      }),
    )
  }

  return {
    forwardsSockets: true,
    lost,
    ownAddress: ownAddressOf(socket),
    onCrowded: sessions.onCrowded,
    get crowded() {
      return sessions.crowded
    },
    get reason() {
      return reason
    },
    async openSocket(path, options = {}) {
      const ask = (done: Opened<Channel>) => client.openssh_forwardOutStreamLocal(path, done)
      return await open(ask, options.signal, (channel) => keep(channel, options.allowHalfOpen))
    },
    async openPort(host, port, signal) {
      const ask = (done: Opened<Channel>) => client.forwardOut('127.0.0.1', 0, host, port, done)
      return await open(ask, signal, (channel) => keep(channel))
    },
    async openCommand(command, options = {}) {
      return await openSession('stream', command, options.signal, (channel) =>
        keep(channel, options.allowHalfOpen),
      )
    },
    async run(command, options = {}) {
      const line = options.stdin === undefined ? guarded(command) : command
      const { result } = await openSession('command', line, options.signal, (channel) => ({
        result: collectOutput(
          {
            stdin: channel,
            stdout: channel,
            stderr: channel.stderr,
            ended: exitOf(channel, () => reason ?? hostLost(name)),
            stop: () => channel.close(),
          },
          options,
        ),
      }))
      return await result
    },
    async answers(signal) {
      await this.run('true', { signal })
    },
    fail: (cause) => lose(hostLost(name, cause)),
    close() {
      if (reason) return
      client.end()
      lose(hostLost(name, new Error('Closed by Quayside.')))
    },
  }
}

/**
 * sshd neither passes signals on for root nor ends a command whose channel is closed. So a shell
 * stands beside it that reads the channel: once that is closed, or the link lost, it ends the
 * command and all that it started: sshd makes a process group of every session.
 */
export function guarded(command: string): string {
  return quoteWords(['sh', '-c', guard, 'sh', `exec ${command}`])
}

const guard = `exec 3<&0
sh -c "$1" </dev/null 3<&- & command=$!
{ trap '' TERM; cat; kill 0; sleep 1; kill -9 0; } <&3 >/dev/null 2>&1 & watch=$!
exec 3<&-
wait $command; code=$?
kill -9 $watch 2>/dev/null
exit $code`

type Opened<C> = (error: Error | undefined, channel: C) => void

/** The exit code of a channel's program; rejects with the reason where the link was lost before. */
function exitOf(channel: ClientChannel, lost: () => Error): Promise<number> {
  return new Promise((resolve, reject) => {
    let code: number | null = null
    channel.on('exit', (exit: number | null, killedBy?: string) => {
      // As a shell counts it: a program ended by a signal has a code above 128.
      code = exit ?? (killedBy === undefined ? null : 128)
    })
    channel.on('close', () => {
      if (code === null) reject(lost())
      else resolve(code)
    })
  })
}

function deferred<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>((done) => {
    resolve = done
  })
  return { promise, resolve }
}

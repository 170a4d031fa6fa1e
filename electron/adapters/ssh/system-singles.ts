import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { createGate } from './gate.ts'
import { openOneDoor } from './one-door.ts'
import { Cut } from './system-carrier.ts'
import type { SystemCarrier } from './system-carrier.ts'
import { refusal, startLasting, withoutDebug } from './system-lasting.ts'
import { destination, makeLogin } from './system-login.ts'
import { channelRefused, createSystemPrograms } from './system-programs.ts'
import type { SystemWay } from './system-ways.ts'
import type { Target } from './target.ts'

/** A server drops some logins where more than ten are under way (MaxStartups of sshd_config(5)). */
const loginsAtOnce = 4
/** As `ssh -vv` says that a channel is there. */
const opened = { command: 'debug1: Sending command: ', port: 'debug2: channel 0: open confirm ' }
/** And that the code it ends with is the command's. */
const itsOwnCode = 'rtype exit-status '

/**
 * Logs in by a system's `ssh` that cannot share a connection, as that of Windows: one stays to hear
 * whether the host is still there, and each channel is an `ssh` that logs in by itself. It leads to no
 * socket on the host: only a port here could, which every user of this computer may connect to.
 *
 * @param socket the connection to the server; it is that of the one that stays
 * @param reach makes another connection to the server, for a channel
 * @throws as `startLasting`
 */
export async function startSingles(
  socket: Duplex,
  target: Target,
  { hostKey, touch }: SystemWay,
  signal: AbortSignal,
  reach: (signal: AbortSignal) => Promise<Duplex>,
): Promise<SystemCarrier> {
  const login = await makeLogin(target, hostKey)
  const lasting = await startLasting(socket, login, {
    words: ['-v'],
    isReady: (said) => said.includes('debug1: Entering interactive session.'),
    touch,
    signal,
  })
  const programs = createSystemPrograms()
  const over = new AbortController()
  const gate = createGate(loginsAtOnce)
  let logs = 0

  /** Goes to the server anew, with no more than some others at the same time. */
  async function logIn<T>(
    wanted: AbortSignal | undefined,
    work: (words: readonly string[], loggedIn: () => void) => Promise<T>,
  ): Promise<T> {
    const either = wanted ? AbortSignal.any([over.signal, wanted]) : over.signal
    const leave = await gate.enter(either)
    try {
      const socket = await reach(either)
      try {
        const door = await openOneDoor(socket)
        either.throwIfAborted()
        return await work(login.words(door.port), leave)
      } catch (error) {
        socket.destroy()
        throw error
      }
    } finally {
      leave()
    }
  }

  const open = (kind: keyof typeof opened, words: readonly string[], wanted?: AbortSignal) =>
    logIn(wanted, (way) =>
      programs.open(
        [...way, '-vv', ...words],
        (said) => said.includes(opened[kind]),
        (said) => refused(target, said),
        wanted,
      ),
    )

  return {
    ...lasting,
    stop() {
      over.abort(new Error('The connection is over.'))
      programs.stop()
      lasting.stop()
    },
    run: (command, options) =>
      logIn(options.signal, async (way, loggedIn) => {
        // What ssh says is kept from what the command says.
        const log = join(login.folder, `log${(logs += 1)}`)
        const running = programs.run([...way, '-v', '-E', log, ...destination, command], options)
        // It may take long, and there are only a few at a time (`createSessions`).
        loggedIn()
        try {
          const result = await running
          if (result.code !== 255) return result
          const said = await readFile(log, 'utf8')
          if (said.includes(itsOwnCode)) return result
          throw said.includes(opened.command) ? new Cut() : refused(target, said)
        } finally {
          await rm(log, { force: true })
        }
      }),
    openCommand: (command, wanted) => open('command', [...destination, command], wanted),
    openPort: (address, wanted) => open('port', ['-W', address, ...destination], wanted),
    openSocket: null,
  }
}

function refused(target: Target, said: string): Error {
  const why = withoutDebug(said)
  const channel = /^channel 0: open failed: .*$/m.exec(why)?.[0]
  return channel === undefined ? refusal(target, why) : channelRefused(channel)
}

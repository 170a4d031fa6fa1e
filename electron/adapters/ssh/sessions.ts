import { setTimeout as delay } from 'node:timers/promises'
import { createGate } from './gate.ts'

/** sshd allows ten sessions on a connection (MaxSessions); these are for short commands. */
const commandsAtOnce = 4
/** And these for commands that carry a stream. */
const streamsAtOnce = 4
/** A server may count a session a moment longer than the last one here has left it. */
const triesAlone = 6

/** The sessions of one connection, each of which carries a command. */
export interface Sessions {
  /** True while someone waits for a session. */
  readonly crowded: boolean
  /** Calls back when a stream has to wait, so that an idle one can be given up. */
  onCrowded(tell: () => void): void
  /**
   * Opens a session when there is room for one. A server with a lower MaxSessions teaches it to be
   * narrower.
   *
   * @param open is tried anew after the server had no room; calls `leave` once the session is over
   */
  open<T>(
    kind: 'command' | 'stream',
    signal: AbortSignal | undefined,
    open: (leave: () => void) => Promise<T>,
  ): Promise<T>
}

/**
 * @param isFull tells the error of a server that has no room for one more session
 * @param retryMs before the next try, where all sessions are taken by the other kind
 */
export function createSessions(isFull: (error: unknown) => boolean, retryMs: number): Sessions {
  const listeners = new Set<() => void>()
  const tellCrowded = () => listeners.forEach((tell) => tell())
  const gates = {
    command: createGate(commandsAtOnce),
    stream: createGate(streamsAtOnce, tellCrowded),
  }
  let turnedAway = 0

  return {
    get crowded() {
      return gates.stream.waiting + gates.command.waiting + turnedAway > 0
    },
    onCrowded: (tell) => listeners.add(tell),
    async open(kind, signal, open) {
      const gate = gates[kind]
      let alone = 0
      for (;;) {
        const leave = await gate.enter(signal)
        try {
          return await open(leave)
        } catch (error) {
          leave()
          if (!isFull(error)) throw error
          if (gates.command.inside + gates.stream.inside === 0 && (alone += 1) === triesAlone)
            throw error
          tellCrowded()
          if (gate.inside > 0) gate.narrow(gate.inside)
          else {
            turnedAway += 1
            try {
              await delay(retryMs, undefined, signal && { signal })
            } finally {
              turnedAway -= 1
            }
          }
        }
      }
    },
  }
}

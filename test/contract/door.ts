import type { BridgeReply } from '../../shared/bridge.ts'
import { contract, type MethodName } from '../../shared/contract/index.ts'
import { createDispatch } from '../../electron/ipc/dispatch.ts'
import type { Handlers } from '../../electron/ipc/handlers/handler.ts'
import type { Sender } from '../../electron/ipc/sender.ts'

/** Every method there is. */
export const methodNames = Object.keys(contract) as MethodName[]

/** The window itself. */
export const ourWindow: Sender = {
  webContentsId: 1,
  frame: { origin: 'app://bundle', url: 'app://bundle/index.html#/databases', isTop: true },
}

/** The real door with a core behind it that only notes who got through. */
export interface Door {
  call(name: unknown, input: unknown, sender?: Sender): Promise<BridgeReply>
  /** What reached the core: method and parsed input. */
  readonly reached: { name: MethodName; input: unknown }[]
  readonly logged: { message: string; thrown: unknown }[]
  /** Milliseconds; a test turns it on. */
  now: number
}

/** Opens a door to these methods; `answer` is what the core says to every call. */
export function openDoor(
  answer: (name: MethodName) => unknown = () => ({}),
  names: readonly MethodName[] = methodNames,
): Door {
  const handlers = Object.fromEntries(
    names.map((name) => [
      name,
      (input: unknown) => {
        door.reached.push({ name, input })
        return Promise.resolve(answer(name))
      },
    ]),
  ) as unknown as Handlers
  const dispatch = createDispatch({
    handlers,
    isOurs: (id) => id === 1,
    clock: { now: () => door.now, sleep: () => Promise.reject(new Error('Nobody sleeps here.')) },
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: (message, thrown) => door.logged.push({ message, thrown }),
    },
  })
  const door: Door = {
    reached: [],
    logged: [],
    now: 1_000_000,
    async call(name, input, sender = ourWindow) {
      const reply = dispatch({ name, input, sender, signal: new AbortController().signal })
      if (reply === null) throw new Error('The door leaves this call to another one.')
      return reply
    },
  }
  return door
}

import * as z from 'zod'
import type { BridgeReply } from '../../shared/bridge.ts'
import { contract, type MethodName, type MethodOutput } from '../../shared/contract/index.ts'
import type { Method } from '../../shared/contract/method.ts'
import { invalidInput, isAbort, QuaysideError, toErrorData } from '../../shared/errors.ts'
import { onceFree } from '../domain/once-free.ts'
import type { Clock, Log } from '../domain/ports.ts'
import type { Handlers } from './handlers/handler.ts'
import { inputObjection } from './plain-input.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'
import { senderObjection, type Sender } from './sender.ts'

/** One call as it comes from a window: nothing of it is believed yet. */
export interface Call {
  readonly sender: Sender
  readonly name: unknown
  readonly input: unknown
  /** Aborted when the page that asked is gone. */
  readonly signal: AbortSignal
}

export interface DispatchDeps {
  /** A method without one here is left to another door. */
  handlers: Partial<Handlers>
  /** True for the id of a window that this app has made. */
  isOurs: (webContentsId: number) => boolean
  clock: Clock
  log: Log
}

/** Calls that hand out a secret: a person clicks now and then, only a program asks more often. */
const secretReads: RateLimit = { calls: 10, withinMs: 10_000 }
const limited: ReadonlySet<MethodName> = new Set([
  'databases.reveal',
  'databases.copy',
  'recoveryKey.reveal',
  'recoveryKey.copy',
  'recoveryKey.saveFile',
])

/** Answers a call, never by rejecting; null where it is not its to answer. */
export type Dispatch = (call: Call) => Promise<BridgeReply> | null

/**
 * The door of the core: checks the sender, then the size and form of the input, parses it, runs the
 * handler, parses what comes out. Every error is an answer.
 */
export function createDispatch(deps: DispatchDeps): Dispatch {
  const { handlers, isOurs, clock, log } = deps
  const mayReadSecret = createRateLimit(secretReads, clock)

  async function run<N extends MethodName>(name: N, { input, signal }: Call): Promise<unknown> {
    const handler: Handlers[N] | undefined = handlers[name]
    if (handler === undefined) throw new Error('This method has no handler here.')
    const parsed = parseInput(contract[name], input)
    if (limited.has(name) && !mayReadSecret()) {
      throw new QuaysideError('busy', 'Passwords were asked for too often.', {
        hint: 'Wait ten seconds and try again.',
      })
    }
    // What a user would do who reads “Try again” is done for him, without a word.
    const value: MethodOutput<N> = await onceFree(clock, () => handler(parsed, { signal }))
    const output: Method['output'] = contract[name].output
    return z.parse(output, value)
  }

  const answer = async (call: Call): Promise<BridgeReply> => {
    try {
      return { ok: true, value: await run(admit(call, isOurs), call) }
    } catch (thrown) {
      if (!(thrown instanceof QuaysideError) && !isAbort(thrown))
        log.error('a call failed for no cause a user can act on', thrown, { method: nameOf(call) })
      return { ok: false, error: toErrorData(thrown) }
    }
  }
  return (call) =>
    isMethodName(call.name) && handlers[call.name] === undefined ? null : answer(call)
}

/** The method's name, once everything is known to be in order that can be told without its schema. */
function admit({ sender, name, input }: Call, isOurs: DispatchDeps['isOurs']): MethodName {
  const stranger = senderObjection(sender, isOurs)
  if (stranger !== undefined) throw new Error(`A call was refused: it came from ${stranger}.`)
  if (!isMethodName(name)) throw new Error('A call was refused: there is no such method.')
  const objection = inputObjection(input)
  if (objection !== undefined)
    throw new QuaysideError('invalid_input', 'The input is not valid.', { detail: objection })
  return name
}

function isMethodName(name: unknown): name is MethodName {
  return typeof name === 'string' && Object.hasOwn(contract, name)
}

function nameOf({ name }: Call): string {
  return isMethodName(name) ? name : 'unknown'
}

function parseInput<M extends Method>(method: M, value: unknown): z.output<M['input']> {
  const input: M['input'] = method.input
  const parsed = z.safeParse(input, value)
  if (!parsed.success) throw invalidInput(parsed.error)
  return parsed.data
}

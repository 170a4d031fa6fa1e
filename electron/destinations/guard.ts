import type { Readable } from 'node:stream'
import type { DestinationSecrets } from '../../shared/contract/destinations.ts'
import { QuaysideError } from '../../shared/errors.ts'
import {
  isObjectName,
  type Destination,
  type DestinationDriver,
  type DestinationKind,
  type Patience,
  type PutOptions,
  type StoredObject,
  type UnguardedKind,
} from './destination.ts'
import { createErrorWasher } from './error-washer.ts'
import { createMeter } from './meter.ts'

const patience: Patience = {
  readMs: 60_000,
  writeMs: 600_000,
  callMs: 120_000,
  farewellMs: 5_000,
}

/** A read that waits for less than that is too slow to come to an end, bytes per second. */
const leastRate = 1024

/** Gives a kind what holds for all of them; see `DestinationKind`. */
export function guardKind(kind: UnguardedKind): DestinationKind {
  return {
    ...kind,
    open: (config, secrets, context) =>
      guardDriver(
        kind.open(config, secrets, context),
        kind.parseSecrets(secrets),
        context.patience,
      ),
  }
}

/** As `guardKind` for one driver; a test may be less patient. */
export function guardDriver(
  driver: DestinationDriver,
  secrets: DestinationSecrets,
  waits: Patience = patience,
): Destination {
  const washed = createErrorWasher(secrets)
  /** One call without content, ended by its signal or when it takes too long. */
  const call = async <T>(
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> => {
    signal.throwIfAborted()
    const ending = endOf(signal)
    const timer = setTimeout(() => ending.end(silent(waits.callMs)), waits.callMs)
    try {
      return await promptly(work(ending.signal), ending.signal, waits.farewellMs)
    } catch (thrown) {
      throw washed(thrown)
    } finally {
      clearTimeout(timer)
      ending.forget()
    }
  }

  const put = async (name: string, content: Readable, options: PutOptions) => {
    checkName(name)
    const ending = endOf(options.signal)
    const meter = createMeter(content, {
      // Content waits, and nobody takes it; or all of it was taken, and no answer comes.
      stuck: (waiting, ended) => waiting > 0 || ended,
      afterMs: waits.writeMs,
      onStuck: () => ending.end(silent(waits.writeMs)),
    })
    const cut = (): void => void meter.stream.destroy(asError(ending.signal.reason))
    ending.signal.addEventListener('abort', cut, { once: true })
    if (ending.signal.aborted) cut()
    try {
      ending.signal.throwIfAborted()
      const stored = await promptly(
        driver.put(name, meter.stream, { ...options, signal: ending.signal }),
        ending.signal,
        waits.farewellMs,
      )
      const failure = meter.failure()
      if (failure !== undefined) throw failure
      if (!meter.ended() || stored.bytes !== meter.bytes())
        throw await shortObject(name, meter.bytes(), stored.bytes)
      await compare(name, stored.bytes, ending.signal)
      return { bytes: stored.bytes }
    } catch (thrown) {
      ending.signal.throwIfAborted()
      throw meter.failure() ?? washed(notMissing(thrown))
    } finally {
      meter.stop()
      ending.signal.removeEventListener('abort', cut)
      ending.forget()
    }
  }

  /** What lies there has to have the size that was sent; otherwise it goes. */
  const compare = async (name: string, bytes: number, signal: AbortSignal): Promise<void> => {
    const found = await call(signal, (inner) => driver.stat(name, { signal: inner }))
    if (found?.bytes !== bytes) throw await shortObject(name, bytes, found?.bytes ?? 0)
  }
  const shortObject = async (name: string, sent: number, found: number): Promise<QuaysideError> => {
    const fresh = new AbortController()
    await call(fresh.signal, (signal) => driver.remove(name, { signal }))
    return new QuaysideError(
      'destination_failed',
      'The destination did not store everything that was sent; what it stored was removed.',
      {
        hint: 'Try again. If it stays, choose another destination.',
        detail: `${name}: ${sent} bytes were sent, ${found} are there`,
      },
    )
  }

  return {
    put,
    async get(name, { signal, from = 0 }) {
      checkName(name)
      const facts = await call(signal, (inner) => driver.stat(name, { signal: inner }))
      if (facts === null) throw missing(name)
      const ending = endOf(signal)
      try {
        const timer = setTimeout(() => ending.end(silent(waits.callMs)), waits.callMs)
        const found = await promptly(
          driver.get(name, { signal: ending.signal, from }),
          ending.signal,
          waits.farewellMs,
        ).finally(() => clearTimeout(timer))
        const expected = facts.bytes - from
        if (found.bytes !== expected) {
          found.content.destroy()
          throw short(name, expected, found.bytes)
        }
        const meter = createMeter(found.content, {
          // Somebody waits for content, and none comes.
          stuck: (waiting, ended) => waiting === 0 && !ended,
          afterMs: waits.readMs,
          onStuck: () => ending.end(silent(waits.readMs)),
          slow: { leastRate, onSlow: (bytes, ms) => ending.end(tooSlow(bytes, ms)) },
          atEnd: (bytes) => (bytes === expected ? null : short(name, expected, bytes)),
          failedWith: (error) => washed(brokenOff(name, error)),
        })
        const cut = (): void => void meter.stream.destroy(asError(ending.signal.reason))
        if (ending.signal.aborted) cut()
        ending.signal.addEventListener('abort', cut, { once: true })
        meter.stream.once('close', () => {
          meter.stop()
          ending.signal.removeEventListener('abort', cut)
          ending.forget()
        })
        return meter.stream
      } catch (thrown) {
        ending.forget()
        throw washed(thrown)
      }
    },
    stat: async (name, { signal }) => {
      checkName(name)
      return call(signal, (inner) => driver.stat(name, { signal: inner }))
    },
    list: (prefix, { signal }) => listed(driver, { prefix, signal, washed, waits }),
    remove: async (name, { signal }) => {
      checkName(name)
      return call(signal, (inner) => driver.remove(name, { signal: inner }))
    },
    sweep: async (options) => {
      try {
        return await driver.sweep(options)
      } catch (thrown) {
        throw washed(thrown)
      }
    },
    close: () => driver.close(),
  }
}

async function* listed(
  driver: DestinationDriver,
  options: {
    prefix: string
    signal: AbortSignal
    washed: (thrown: unknown) => unknown
    waits: Patience
  },
): AsyncGenerator<StoredObject> {
  const { prefix, washed, waits } = options
  if (!/^(?![./])[A-Za-z0-9._/-]*$/.test(prefix) || /(?:^|\/)\./.test(prefix)) throw badName(prefix)
  const ending = endOf(options.signal)
  try {
    const found = driver.list(prefix, { signal: ending.signal })[Symbol.asyncIterator]()
    for (;;) {
      const timer = setTimeout(() => ending.end(silent(waits.callMs)), waits.callMs)
      const next = await promptly(
        Promise.resolve(found.next()),
        ending.signal,
        waits.farewellMs,
      ).finally(() => clearTimeout(timer))
      if (next.done === true) return
      // What somebody else has put there under a name of another form is not ours.
      if (isObjectName(next.value.name) && next.value.name.startsWith(prefix)) yield next.value
    }
  } catch (thrown) {
    throw washed(thrown)
  } finally {
    // Lets go of the driver's connection where the caller has stopped half-way.
    ending.end(new DOMException('The list is not read any more.', 'AbortError'))
    ending.forget()
  }
}

/** A signal that ends with the caller's, or before it by a reason of ours. */
function endOf(outer: AbortSignal) {
  const own = new AbortController()
  const follow = (): void => own.abort(outer.reason)
  if (outer.aborted) follow()
  else outer.addEventListener('abort', follow, { once: true })
  return {
    signal: own.signal,
    end: (reason: Error): void => own.abort(reason),
    forget: (): void => outer.removeEventListener('abort', follow),
  }
}

/** Settles with the work, or soon after the abort where the work does not. */
async function promptly<T>(work: Promise<T>, signal: AbortSignal, farewellMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let leave = (): void => undefined
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => {
      timer = setTimeout(() => reject(asError(signal.reason)), farewellMs)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
  try {
    return await Promise.race([work, left])
  } catch (thrown) {
    // However the driver says that it was ended: the reason is the caller's, or ours.
    if (signal.aborted) throw asError(signal.reason)
    throw thrown
  } finally {
    signal.removeEventListener('abort', leave)
    clearTimeout(timer)
  }
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new DOMException('Cancelled.', 'AbortError')
}

function checkName(name: string): void {
  if (!isObjectName(name)) throw badName(name)
}

function badName(name: string): QuaysideError {
  return new QuaysideError('invalid_input', 'That is no name for an object at a destination.', {
    detail: JSON.stringify(name.slice(0, 200)),
  })
}

function missing(name: string): QuaysideError {
  return new QuaysideError('not_found', 'The destination has no such object.', { detail: name })
}

/** Whoever puts looks for nothing: that something is missing would be taken for the content's. */
function notMissing(thrown: unknown): unknown {
  if (!(thrown instanceof QuaysideError) || thrown.code !== 'not_found') return thrown
  const { message, hint, detail } = thrown
  return new QuaysideError('destination_failed', message, { hint, detail })
}

function silent(ms: number): QuaysideError {
  return new QuaysideError(
    'destination_unreachable',
    'The destination stopped answering in the middle of the work.',
    {
      hint: 'Check the network and the destination, then retry.',
      detail: `nothing moved for ${ms} ms`,
    },
  )
}

function tooSlow(bytes: number, ms: number): QuaysideError {
  return new QuaysideError('stalled', 'The destination is too slow: it gives next to nothing.', {
    hint: 'Check the network and the load there, then retry.',
    detail: `${bytes} bytes came in ${Math.round(ms)} ms`,
  })
}

function short(name: string, expected: number, bytes: number): QuaysideError {
  return new QuaysideError(
    'destination_failed',
    'The destination gave back less than it had stored, or something of another size.',
    {
      hint: 'Try again. If it stays, what lies there is damaged.',
      detail: `${name}: ${expected} bytes expected, ${bytes} came`,
    },
  )
}

function brokenOff(name: string, error: Error): Error {
  if (error instanceof QuaysideError) return error
  return new QuaysideError(
    'destination_unreachable',
    'The connection to the destination broke while reading.',
    { hint: 'Try again.', detail: `${name}: ${error.message}` },
  )
}

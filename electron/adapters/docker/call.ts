import * as z from 'zod'
import type { CallOptions } from '../../domain/ports.ts'
import { dockerDown, dockerError } from './docker-error.ts'

/** Docker says at once that it has begun; a call without an answer for this long has none to come. */
export const answerMs = 30_000

/** Makes a call with a time limit, and translates what it throws. */
export async function call<T>(
  options: CallOptions | undefined,
  work: (signal: AbortSignal) => Promise<T>,
  limitMs = answerMs,
): Promise<T> {
  const outer = options?.signal
  outer?.throwIfAborted()
  const controller = new AbortController()
  const limit = setTimeout(
    () => controller.abort(dockerDown(`no answer within ${limitMs / 1000} s`)),
    limitMs,
  )
  const pass = (): void => controller.abort(outer?.reason)
  outer?.addEventListener('abort', pass, { once: true })
  try {
    // A race, since a call that was aborted need not be answered.
    return await new Promise<T>((resolve, reject) => {
      controller.signal.addEventListener('abort', () => reject(reasonOf(controller.signal)))
      work(controller.signal).then(resolve, reject)
    })
  } catch (thrown) {
    throw dockerError(thrown, controller.signal)
  } finally {
    clearTimeout(limit)
    outer?.removeEventListener('abort', pass)
  }
}

/** What a signal was aborted with, as an error. */
export function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('aborted')
}

/** dockerode takes an abort signal everywhere; its types know it in some places only. */
export function abortable<T extends object>(options: T, abortSignal: AbortSignal): T {
  return { ...options, abortSignal }
}

const answeredSchema = z.object({ statusCode: z.number() }).loose()

/** The HTTP status that Docker refused with; null for what is no answer of Docker's. */
export function statusOf(thrown: unknown): number | null {
  const parsed = answeredSchema.safeParse(thrown)
  return parsed.success ? parsed.data.statusCode : null
}

/** The answer, or null where Docker says that there is no such thing. */
export async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (thrown) {
    if (statusOf(thrown) === 404) return null
    throw thrown
  }
}

/** For what is done already: 304, it was started or stopped before. */
export async function unlessDone(
  work: () => Promise<unknown>,
  done: readonly number[] = [304],
): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    if (!done.includes(statusOf(thrown) ?? 0)) throw thrown
  }
}

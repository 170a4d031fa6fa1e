import type { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import type { ContainerDetail } from '../../domain/ports.ts'
import { bytesOf } from './answer-bytes.ts'
import { call, orNull } from './call.ts'
import { inspectedSchema, readInspected } from './containers.ts'
import { dockerDown, dockerError } from './docker-error.ts'

/** A Docker that restarts is asked again this often, and this far apart, milliseconds. */
const askTimes = 20
const askEveryMs = 500

const endedSchema = z.object({ StatusCode: z.number() }).loose()

/** How a task ended. */
export interface TaskEnd {
  code: Promise<number>
  /**
   * Rejects where Docker broke off meanwhile. The code may be known from the container all the same,
   * but what it wrote in between is lost.
   */
  unbroken: Promise<void>
}

/**
 * The exit code of a task, from the answer that waits for it, and from the container itself: a wait
 * that breaks off says nothing, and only the container knows that memory was what it lacked.
 */
export function endOf(docker: Dockerode, id: string, waiting: Readable): TaskEnd {
  const told = codeIn(waiting)
  const code = told.then(async ({ code: fromWait, cause }) => {
    const ended = await inspectEnded(docker, id, cause)
    if (ended === null) {
      if (fromWait !== null) return fromWait
      throw removed(cause)
    }
    if (ended.oomKilled && ended.exitCode !== 0) throw outOfMemory(ended.exitCode)
    return ended.exitCode
  })
  const unbroken = told.then(({ cause }) => {
    if (cause !== null) throw cause
  })
  for (const promise of [code, unbroken]) promise.catch(() => undefined)
  return { code, unbroken }
}

async function codeIn(
  waiting: Readable,
): Promise<{ code: number; cause: null } | { code: null; cause: Error }> {
  try {
    const pieces: Buffer[] = []
    for await (const piece of bytesOf(waiting)) pieces.push(piece)
    const answer: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'))
    return { code: endedSchema.parse(answer).StatusCode, cause: null }
  } catch (thrown) {
    const cause = dockerError(thrown)
    return { code: null, cause: cause instanceof Error ? cause : dockerDown('the wait broke off') }
  }
}

/** The container once it has ended; null where it is gone. @throws what keeps from knowing it */
async function inspectEnded(
  docker: Dockerode,
  id: string,
  broken: Error | null,
): Promise<ContainerDetail | null> {
  let last: unknown = broken
  for (let time = 0; time < askTimes; time++) {
    if (time > 0) await delay(askEveryMs)
    try {
      const answer = await call(undefined, (abortSignal) =>
        orNull(() => docker.getContainer(id).inspect({ abortSignal })),
      )
      if (answer === null) return null
      const detail = readInspected(inspectedSchema.parse(answer))
      if (detail.state === 'exited' || detail.state === 'dead') return detail
      last ??= dockerDown('the task has ended, and its container says that it runs')
    } catch (thrown) {
      last = thrown
      // A connection that is lost stays so; a Docker that is down may come back.
      if (!(thrown instanceof QuaysideError) || thrown.code !== 'docker_down') throw thrown
    }
  }
  throw last
}

function outOfMemory(exitCode: number): QuaysideError {
  return new QuaysideError('docker_failed', 'The task was ended because it ran out of memory.', {
    hint: 'The host has too little free memory, or the task was given too little. Retry when less runs there.',
    detail: `OOMKilled, exit code ${exitCode}`,
  })
}

function removed(cause: unknown): QuaysideError {
  return new QuaysideError('docker_failed', 'The task was removed before it was done.', {
    hint: 'Something outside Quayside removed its container. Retry.',
    cause,
  })
}

import type Dockerode from 'dockerode'
import * as z from 'zod'
import type { DockerEvent, Labels } from '../../domain/ports.ts'
import { abortable, call } from './call.ts'
import { dockerDown, dockerError } from './docker-error.ts'
import { asReadable } from './images.ts'
import { ndjson } from './ndjson.ts'

const eventSchema = z
  .object({
    Action: z.string(),
    timeNano: z.number(),
    Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }).loose(),
  })
  .loose()

/** As `Docker.events`: it ends quietly only when it is aborted. */
export async function* followEvents(
  docker: Dockerode,
  labels: Labels,
  signal: AbortSignal,
): AsyncGenerator<DockerEvent> {
  try {
    const filters = { type: ['container' as const], label: labelFilter(labels) }
    // The time limit is for the beginning: Docker answers at once that it will tell.
    const answer = await call({ signal }, () => docker.getEvents(abortable({ filters }, signal)))
    const stream = asReadable(answer)
    const stop = (): void => void stream.destroy()
    signal.addEventListener('abort', stop, { once: true })
    try {
      for await (const value of ndjson(stream)) yield readEvent(value)
    } finally {
      signal.removeEventListener('abort', stop)
      stream.destroy()
    }
  } catch (thrown) {
    if (signal.aborted) return
    throw dockerError(thrown)
  }
  if (!signal.aborted) throw dockerDown('the stream of events ended')
}

function readEvent(value: unknown): DockerEvent {
  const { Action: action, Actor: actor, timeNano } = eventSchema.parse(value)
  return {
    action,
    containerId: actor.ID,
    labels: actor.Attributes,
    at: Math.floor(timeNano / 1e6),
  }
}

/** Labels in the form of Docker's filters; a container needs all of them. */
export function labelFilter(labels: Labels): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`)
}

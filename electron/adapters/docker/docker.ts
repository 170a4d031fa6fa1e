import type { Agent } from 'node:http'
import { Readable } from 'node:stream'
import Dockerode from 'dockerode'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import type { CallOptions, Docker, DockerEvent, Labels } from '../../domain/ports.ts'
import { archiveOf } from './archive.ts'
import { readContainerStats, statsSchema } from './container-stats.ts'
import {
  createOptions,
  inspectedSchema,
  listedSchema,
  readInspected,
  readListed,
} from './containers.ts'
import { dockerDown, dockerError, pullError } from './docker-error.ts'
import { textOfFrames } from './log-frames.ts'
import { ndjson } from './ndjson.ts'
import { readPull } from './pull.ts'

/** Where Docker's API is reached. */
export type DockerTransport =
  | {
      kind: 'agent'
      /** For calls with a short answer. */
      agent: Agent
      /** For answers without an end: events, pulls. */
      streamAgent: Agent
    }
  | { kind: 'socket'; socketPath: string }

/** Docker says at once that it has begun; a call without an answer for this long has none to come. */
const answerMs = 30_000
/** No line of a pull for this long is a pull that hangs: layers being unpacked report too. */
const silentPullMs = 180_000
/** Docker 19.03, the oldest one that Quayside is made for. */
const oldestApi = '1.40'

/** Docker's API through dockerode, in Quayside's words. */
export function createDocker({ transport }: { transport: DockerTransport }): Docker {
  const calls = connect(transport, 'agent')
  const streams = connect(transport, 'streamAgent')

  return {
    version: (options) =>
      call(options, async () => {
        const answer = versionSchema.parse(await calls.version())
        if (olderThan(answer.ApiVersion, oldestApi)) throw tooOld(answer.Version)
        return {
          version: answer.Version,
          apiVersion: answer.ApiVersion,
          os: answer.Os,
          arch: answer.Arch,
        }
      }),

    info: (options) =>
      call(options, async () => {
        const answer = infoSchema.parse(await calls.info())
        return {
          serverVersion: answer.ServerVersion,
          operatingSystem: answer.OperatingSystem,
          cpus: answer.NCPU,
          memoryBytes: answer.MemTotal,
          dataRoot: answer.DockerRootDir,
        }
      }),

    listContainers: (labels, options) =>
      call(options, async (abortSignal) => {
        const filters = { label: labelFilter(labels) }
        const answer = await calls.listContainers({ all: true, filters, abortSignal })
        return listedSchema.parse(answer).map(readListed)
      }),

    inspectContainer: (nameOrId, options) =>
      call(options, (abortSignal) =>
        orNull(async () =>
          readInspected(
            inspectedSchema.parse(await calls.getContainer(nameOrId).inspect({ abortSignal })),
          ),
        ),
      ),

    hasImage: (reference, options) =>
      call(options, async (abortSignal) => (await imageId(calls, reference, abortSignal)) !== null),

    ensureImage: async (reference, options = {}) => {
      const present = await call(options, (signal) => imageId(calls, reference, signal))
      if (present !== null) return { id: present, pulled: false }
      await pull(streams, reference, options)
      // The report of a pull is only a report: what counts is that the image is there now.
      const id = await call(options, (signal) => imageId(calls, reference, signal))
      if (id === null) throw pullError(404, 'the pull ended but the image is not there', reference)
      return { id, pulled: true }
    },

    ensureVolume: ({ name, labels }, options) =>
      call(options, async (abortSignal) => {
        const existing = await orNull(() => calls.getVolume(name).inspect({ abortSignal }))
        if (existing !== null) return { created: false }
        await calls.createVolume({ Name: name, Labels: { ...labels }, abortSignal })
        return { created: true }
      }),

    inspectVolume: (name, options) =>
      call(options, (abortSignal) =>
        orNull(async () => {
          const answer = volumeSchema.parse(await calls.getVolume(name).inspect({ abortSignal }))
          return { name: answer.Name, labels: answer.Labels ?? {} }
        }),
      ),

    removeVolume: (name, options) =>
      call(options, async (abortSignal) => {
        await orNull(() => calls.getVolume(name).remove({ abortSignal }))
      }),

    createContainer: (spec, options) =>
      call(options, async (abortSignal) => {
        const container = await calls.createContainer({ ...createOptions(spec), abortSignal })
        if (spec.files.length > 0) {
          const archive = await archiveOf(spec.files)
          await calls.getContainer(container.id).putArchive(archive, { path: '/', abortSignal })
        }
        return { id: container.id }
      }),

    startContainer: (id, options) =>
      call(options, (abortSignal) =>
        unlessDone(() => calls.getContainer(id).start({ abortSignal })),
      ),

    stopContainer: (id, graceSeconds, options) =>
      call(
        options,
        (abortSignal) =>
          unlessDone(() => calls.getContainer(id).stop({ t: graceSeconds, abortSignal })),
        answerMs + graceSeconds * 1000,
      ),

    restartContainer: (id, graceSeconds, options) =>
      call(
        options,
        async (abortSignal) => {
          await calls.getContainer(id).restart({ t: graceSeconds, abortSignal })
        },
        answerMs + graceSeconds * 1000,
      ),

    renameContainer: (id, name, options) =>
      call(options, async (abortSignal) => {
        await calls.getContainer(id).rename({ name, abortSignal })
      }),

    removeContainer: (id, options) =>
      call(options, async (abortSignal) => {
        await remove(calls, id, abortSignal)
      }),

    putFiles: (id, files, options) =>
      call(options, async (abortSignal) => {
        const archive = await archiveOf(files)
        await calls.getContainer(id).putArchive(archive, { path: '/', abortSignal })
      }),

    tailLogs: (id, lines, options) =>
      call(options, async (abortSignal) => {
        const raw = await orNull(() =>
          calls
            .getContainer(id)
            .logs({ stdout: true, stderr: true, follow: false, tail: lines, abortSignal }),
        )
        return raw === null ? '' : textOfFrames(raw).slice(-64 * 1024)
      }),

    containerStats: (id, options) =>
      call(options, async (abortSignal) => {
        // Not one-shot: CPU needs an interval, which Docker measures over a second.
        const answer = await calls
          .getContainer(id)
          .stats(abortable({ stream: false as const }, abortSignal))
        return readContainerStats(statsSchema.parse(answer))
      }),

    events: (labels, { signal }) => followEvents(streams, labels, signal),
  }
}

const versionSchema = z
  .object({ Version: z.string(), ApiVersion: z.string(), Os: z.string(), Arch: z.string() })
  .loose()
const infoSchema = z
  .object({
    ServerVersion: z.string(),
    OperatingSystem: z.string(),
    NCPU: z.number(),
    MemTotal: z.number(),
    DockerRootDir: z.string(),
  })
  .loose()
const imageSchema = z.object({ Id: z.string() }).loose()
const volumeSchema = z
  .object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullable() })
  .loose()
const eventSchema = z
  .object({
    Action: z.string(),
    timeNano: z.number(),
    Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }).loose(),
  })
  .loose()

function connect(transport: DockerTransport, which: 'agent' | 'streamAgent'): Dockerode {
  if (transport.kind === 'socket') return new Dockerode({ socketPath: transport.socketPath })
  // `agent` is handed to http.request by docker-modem; the host's name is only the Host header.
  const options = { host: 'docker', port: 80, protocol: 'http' as const, agent: transport[which] }
  return new Dockerode(options)
}

/**
 * Makes a call with a time limit, and translates what it throws. The race matters: docker-modem
 * never calls back when a connection breaks within an answer.
 */
async function call<T>(
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
    return await new Promise<T>((resolve, reject) => {
      controller.signal.addEventListener('abort', () => {
        const reason: unknown = controller.signal.reason
        reject(reason instanceof Error ? reason : new Error('aborted'))
      })
      work(controller.signal).then(resolve, reject)
    })
  } catch (thrown) {
    throw dockerError(thrown, controller.signal)
  } finally {
    clearTimeout(limit)
    outer?.removeEventListener('abort', pass)
  }
}

/** dockerode takes an abort signal everywhere; its types know it in some places only. */
function abortable<T extends object>(options: T, abortSignal: AbortSignal): T {
  return { ...options, abortSignal }
}

function statusOf(thrown: unknown): number | null {
  const parsed = z.object({ statusCode: z.number() }).loose().safeParse(thrown)
  return parsed.success ? parsed.data.statusCode : null
}

/** The answer, or null where Docker says that there is no such thing. */
async function orNull<T>(work: () => Promise<T>): Promise<T | null> {
  try {
    return await work()
  } catch (thrown) {
    if (statusOf(thrown) === 404) return null
    throw thrown
  }
}

/** 304: it was started, or stopped, already. */
async function unlessDone(work: () => Promise<unknown>): Promise<void> {
  try {
    await work()
  } catch (thrown) {
    if (statusOf(thrown) !== 304) throw thrown
  }
}

async function imageId(
  docker: Dockerode,
  reference: string,
  abortSignal: AbortSignal,
): Promise<string | null> {
  const answer = await orNull(() => docker.getImage(reference).inspect(abortable({}, abortSignal)))
  return answer === null ? null : imageSchema.parse(answer).Id
}

async function pull(
  docker: Dockerode,
  reference: string,
  options: NonNullable<Parameters<Docker['ensureImage']>[1]>,
): Promise<void> {
  const controller = new AbortController()
  const stop = (): void => controller.abort(options.signal?.reason)
  options.signal?.addEventListener('abort', stop, { once: true })
  const silence = setTimeout(() => {
    controller.abort(pullError(200, `nothing was heard for ${silentPullMs / 1000} s`, reference))
  }, silentPullMs)
  try {
    const stream = await docker
      .createImage({ fromImage: reference, abortSignal: controller.signal })
      .catch((thrown: unknown) => {
        const status = statusOf(thrown)
        if (status === null) throw thrown
        throw pullError(
          status,
          thrown instanceof Error ? thrown.message : String(thrown),
          reference,
        )
      })
    const readable = asReadable(stream)
    controller.signal.addEventListener('abort', () => {
      readable.destroy(
        controller.signal.reason instanceof Error ? controller.signal.reason : undefined,
      )
    })
    await readPull(readable, reference, (progress) => {
      silence.refresh()
      options.onProgress?.(progress)
    })
    controller.signal.throwIfAborted()
  } catch (thrown) {
    throw dockerError(thrown, controller.signal)
  } finally {
    clearTimeout(silence)
    options.signal?.removeEventListener('abort', stop)
  }
}

/** Containers being removed already are waited for: gone is gone. */
async function remove(docker: Dockerode, id: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await orNull(() =>
        docker.getContainer(id).remove(abortable({ force: true, v: true }, signal)),
      )
      return
    } catch (thrown) {
      if (statusOf(thrown) !== 409) throw thrown
      signal.throwIfAborted()
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

async function* followEvents(
  docker: Dockerode,
  labels: Labels,
  signal: AbortSignal,
): AsyncGenerator<DockerEvent> {
  try {
    const filters = { type: ['container' as const], label: labelFilter(labels) }
    const stream = asReadable(await docker.getEvents(abortable({ filters }, signal)))
    const stop = (): void => void stream.destroy()
    signal.addEventListener('abort', stop, { once: true })
    try {
      for await (const value of ndjson(stream)) {
        const event = eventSchema.parse(value)
        yield {
          action: event.Action,
          containerId: event.Actor.ID,
          labels: event.Actor.Attributes,
          at: event.timeNano / 1e6,
        }
      }
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

function asReadable(stream: NodeJS.ReadableStream): Readable {
  return stream instanceof Readable ? stream : new Readable().wrap(stream)
}

function labelFilter(labels: Labels): string[] {
  return Object.entries(labels).map(([name, value]) => `${name}=${value}`)
}

/** Compares `1.41` with `1.40` by its parts, since 1.9 is older than 1.40. */
function olderThan(version: string, oldest: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number)
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor)
}

function tooOld(version: string): QuaysideError {
  return new QuaysideError('docker_too_old', `Docker ${version} is too old.`, {
    hint: 'Quayside needs Docker 19.03 or newer. Update Docker on the host.',
  })
}

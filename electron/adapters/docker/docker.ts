import * as z from 'zod'
import type { Docker } from '../../domain/ports.ts'
import { versionSchema } from './api-version.ts'
import { abortable, answerMs, call, orNull, unlessDone } from './call.ts'
import { connectDocker, type DockerTransport } from './connection.ts'
import { createStatsReader } from './container-stats.ts'
import { inspectedSchema, listedSchema, readInspected, readListed } from './containers.ts'
import { followEvents, labelFilter } from './events.ts'
import { followLogs } from './follow-logs.ts'
import { ensureImage, imageId, listImages } from './images.ts'
import { createWithFiles, putFiles, removeContainer } from './make-container.ts'
import { removeTasks } from './remove-tasks.ts'
import { runOnce } from './run-once.ts'
import { hasSelinux } from './selinux.ts'
import { startStreamTask } from './stream-task.ts'
import { tailLogs } from './tail-logs.ts'

/** What makes or removes things may wait for a slow disk, milliseconds. */
const makeMs = 120_000
/** A task may remove the data of years, milliseconds. */
const taskMs = 15 * 60_000

const infoSchema = z
  .object({
    ServerVersion: z.string(),
    OperatingSystem: z.string(),
    NCPU: z.number(),
    MemTotal: z.number(),
    DockerRootDir: z.string(),
    Driver: z.string().nullish(),
    SecurityOptions: z.array(z.string()).nullish(),
  })
  .loose()
const volumeSchema = z
  .object({ Name: z.string(), Labels: z.record(z.string(), z.string()).nullable() })
  .loose()

/** Docker's API through dockerode, in Quayside's words. */
export function createDocker({ transport }: { transport: DockerTransport }): Docker {
  const connection = connectDocker(transport)
  const { calls, streams } = connection
  const statistics = createStatsReader(calls)
  const container = (id: string) => calls.getContainer(id)

  return {
    version: (options) =>
      call(options, async (signal) => {
        const answer: unknown = await asker(calls.version.bind(calls))({ abortSignal: signal })
        const { Version: version, ApiVersion: apiVersion, Os, Arch } = versionSchema.parse(answer)
        return { version, apiVersion, os: Os, arch: Arch }
      }),

    info: (options) =>
      call(options, async (signal) => {
        const answer: unknown = await asker(calls.info.bind(calls))({ abortSignal: signal })
        const info = infoSchema.parse(answer)
        return {
          serverVersion: info.ServerVersion,
          operatingSystem: info.OperatingSystem,
          cpus: info.NCPU,
          memoryBytes: info.MemTotal,
          dataRoot: info.DockerRootDir,
          storageDriver: info.Driver ?? null,
          selinux: hasSelinux(info.SecurityOptions ?? []),
        }
      }),

    listContainers: (labels, options) =>
      call(options, async (abortSignal) => {
        const filters = { label: labelFilter(labels) }
        const answer = await calls.listContainers({ all: true, filters, abortSignal })
        return listedSchema.parse(answer).map(readListed)
      }),

    inspectContainer: (nameOrId, options) =>
      call(options, async (abortSignal) => {
        const answer = await orNull(() => container(nameOrId).inspect({ abortSignal }))
        return answer === null ? null : readInspected(inspectedSchema.parse(answer))
      }),

    hasImage: (reference, options) =>
      call(options, async (signal) => (await imageId(calls, reference, signal)) !== null),

    listImages: (repositories, options) =>
      call(options, (signal) => listImages(calls, repositories, signal)),

    ensureImage: (reference, options = {}) => ensureImage(connection, reference, options),

    ensureVolume: ({ name, labels }, options) =>
      call(
        options,
        async (abortSignal) => {
          const existing = await orNull(() => calls.getVolume(name).inspect({ abortSignal }))
          if (existing !== null) return { created: false }
          await calls.createVolume({ Name: name, Labels: { ...labels }, abortSignal })
          return { created: true }
        },
        makeMs,
      ),

    inspectVolume: (name, options) =>
      call(options, async (abortSignal) => {
        const answer = await orNull(() => calls.getVolume(name).inspect({ abortSignal }))
        if (answer === null) return null
        const volume = volumeSchema.parse(answer)
        return { name: volume.Name, labels: volume.Labels ?? {} }
      }),

    removeVolume: (name, options) =>
      call(
        options,
        async (abortSignal) => {
          await orNull(() => calls.getVolume(name).remove({ abortSignal }))
        },
        makeMs,
      ),

    runOnce: (spec, options) => call(options, (signal) => runOnce(calls, spec, signal), taskMs),

    startTask: (spec, options) => startStreamTask(connection, spec, options),

    removeTasks: (labels, options) =>
      call(options, (signal) => removeTasks(calls, labels, signal), makeMs),

    createContainer: (spec, options) =>
      call(options, (signal) => createWithFiles(calls, spec, signal), makeMs),

    startContainer: (id, options) =>
      call(
        options,
        (abortSignal) => unlessDone(() => container(id).start({ abortSignal })),
        makeMs,
      ),

    stopContainer: (id, graceSeconds, options) =>
      call(
        options,
        // What is gone is stopped as well.
        (abortSignal) =>
          unlessDone(() => container(id).stop({ t: graceSeconds, abortSignal }), [304, 404]),
        answerMs + graceSeconds * 1000,
      ),

    restartContainer: (id, graceSeconds, options) =>
      call(
        options,
        async (signal) => {
          await container(id).restart(abortable({ t: graceSeconds }, signal))
        },
        makeMs + graceSeconds * 1000,
      ),

    renameContainer: (id, name, options) =>
      call(options, async (signal) => {
        await container(id).rename(abortable({ name }, signal))
      }),

    removeContainer: (id, options) =>
      call(options, (signal) => removeContainer(calls, id, signal), makeMs),

    putFiles: (id, files, options) => call(options, (signal) => putFiles(calls, id, files, signal)),

    followLogs: (id, options) => followLogs(streams, id, options),

    tailLogs: (id, lines, options) => call(options, (signal) => tailLogs(calls, id, lines, signal)),

    containerStats: (id, options) => call(options, (signal) => statistics.read(id, signal)),

    events: (labels, { signal }) => followEvents(streams, labels, signal),
  }
}

/** dockerode's questions without arguments take an abort signal all the same; its types don't say so. */
function asker(ask: () => Promise<unknown>): (options: object) => Promise<unknown> {
  return ask
}

import { randomBytes } from 'node:crypto'
import { posix } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { hostIdSchema, type HostId } from '../../../shared/contract/hosts.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import {
  markerName,
  nameTaken,
  notMarked,
  type HostFolder,
  type HostVolumes,
  type PutOptions,
  type SweepOptions,
} from '../../destinations/destination.ts'
import type { HostRegistry } from '../hosts/host-registry.ts'
import type { Docker, Labels, StreamTask } from '../ports.ts'
import { isBrokenPipe } from './broken-pipe.ts'
import { firstLine, linesOf, textOf } from './host-volume-output.ts'
import { exits, onlyWith, root, scripts } from './host-volume-scripts.ts'

interface HostVolumesDeps {
  registry: Pick<HostRegistry, 'ready'>
  /** An image with a shell and the usual tools, as reference or id, for work on that host. */
  imageFor(hostId: HostId, docker: Docker, signal: AbortSignal): Promise<string>
}

const taskLabel = 'io.quayside.task'
const taskKind = 'destination'
/** On a container that writes: where, and under which name it will be. */
const targetLabel = 'io.quayside.task.target'
const memoryBytes = 256 * 2 ** 20
/** What clearing up after a failure may take, milliseconds. */
const clearingMs = 30_000

/** Files in volumes and folders of hosts, by task containers there; much data has its own connection. */
export function createHostVolumes({ registry, imageFor }: HostVolumesDeps): HostVolumes {
  return {
    at(hostId, place, marked = false) {
      const id = hostIdSchema.safeParse(hostId)
      if (!id.success) throw new QuaysideError('not_found', 'There is no such host any more.')
      return createFolder({ registry, hostId: id.data, place, marked, imageFor })
    },
  }
}

interface FolderDeps extends HostVolumesDeps {
  hostId: HostId
  place: string
  marked: boolean
}

function createFolder({ registry, hostId, place, marked, imageFor }: FolderDeps): HostFolder {
  const isVolume = !place.startsWith('/')

  /** A volume that is missing would be made by its use, and then look like an empty one. */
  const present = async (docker: Docker, signal: AbortSignal): Promise<void> => {
    if (isVolume && (await docker.inspectVolume(place, { signal })) === null)
      throw new QuaysideError(
        'destination_unreachable',
        `There is no volume ${place} on the host.`,
        {
          hint: 'It may have been removed by hand. With the next backup it is made again.',
        },
      )
  }

  /** Starts a script over a connection; `work` has the task, which is gone afterwards. */
  const run = async <T>(
    docker: Docker,
    [script, ...words]: readonly [string, ...string[]],
    signal: AbortSignal,
    work: (task: StreamTask) => Promise<T>,
    labels: Labels = {},
  ): Promise<T> => {
    const { id } = await docker.ensureImage(await imageFor(hostId, docker, signal), { signal })
    const task = await docker
      .startTask(
        {
          name: `quayside-destination-${randomBytes(6).toString('hex')}`,
          image: id,
          command: [
            '/bin/sh',
            '-c',
            marked ? onlyWith(markerName) + script : script,
            'sh',
            ...words,
          ],
          labels: { ...labels, [taskLabel]: taskKind },
          network: 'none',
          tmpfs: [],
          memoryBytes,
          volumes: { [root]: place },
        },
        { signal },
      )
      .catch((thrown: unknown) => {
        throw placeMissing(thrown, place)
      })
    // Whoever waits for a stream is told by it; after that a task that is ended still says so.
    for (const stream of [task.stdin, task.stdout]) stream.on('error', () => undefined)
    const kill = (): void => void task.kill().catch(() => undefined)
    signal.addEventListener('abort', kill, { once: true })
    try {
      return await work(task)
    } catch (thrown) {
      signal.throwIfAborted()
      throw thrown
    } finally {
      signal.removeEventListener('abort', kill)
      await task.remove()
    }
  }

  /** A script that is given nothing and whose answer is short. */
  const ask = async (
    docker: Docker,
    script: readonly [string, ...string[]],
    signal: AbortSignal,
  ): Promise<string> =>
    run(docker, script, signal, async (task) => {
      task.stdin.end()
      const text = await textOf(task.stdout)
      await succeeded(task, place)
      return text
    })

  const plain = async (signal: AbortSignal): Promise<Docker> => {
    const docker = (await registry.ready(hostId, signal)).docker()
    await present(docker, signal)
    return docker
  }

  const put = async (name: string, content: Readable, { signal, exclusive }: PutOptions) => {
    const host = await registry.ready(hostId, signal)
    const docker = host.docker()
    if (isVolume) await docker.ensureVolume({ name: place, labels: {} }, { signal })
    const part = partOf(name)
    const labels = { [targetLabel]: targetOf(name) }
    const bulk = await host.bulk(signal)
    try {
      const bytes = await run(
        bulk.docker(),
        [scripts.write, part],
        signal,
        async (task) => {
          let sent = 0
          const counted = async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              sent += chunk.length
              yield chunk
            }
          }
          const answer = textOf(task.stdout)
          // It is asked for below; until then a failure of it is nobody's.
          answer.catch(() => undefined)
          try {
            await pipeline(content, counted, task.stdin, { signal })
          } catch (thrown) {
            // A task that has ended breaks the pipe: what it says of it is the reason.
            if (isBrokenPipe(thrown)) await succeeded(task, place)
            // Without an end of its input it would wait for ever.
            await task.kill()
            await answer.catch(() => undefined)
            throw thrown
          }
          const told = (await answer).trim()
          await succeeded(task, place)
          if (Number(told) !== sent)
            throw new QuaysideError(
              'destination_failed',
              'The host did not store everything that was sent.',
              { detail: `${sent} bytes were sent, ${told} are there` },
            )
          return sent
        },
        labels,
      )
      // Only what has come whole gets its name: a line that is cut looks like an end over there.
      const publish = [scripts.publish, part, name, String(bytes), exclusive ? '1' : '0'] as const
      await run(
        bulk.docker(),
        publish,
        signal,
        async (task) => {
          task.stdin.end()
          await textOf(task.stdout)
          if ((await task.exit) === exits.taken) throw nameTaken(name)
          await succeeded(task, place)
        },
        labels,
      )
      return { bytes }
    } catch (thrown) {
      content.destroy()
      const clearing = AbortSignal.timeout(clearingMs)
      // Where the host does not answer, `sweep` does it later; the failure that led here counts.
      await ask(docker, [scripts.drop, part], clearing).catch(() => undefined)
      throw thrown
    } finally {
      await bulk.close()
    }
  }

  const targetOf = (name: string): string => `${place}:${name}`

  /** Also the containers that still write there: whoever fed them is gone. */
  const sweepNames = async (
    docker: Docker,
    prefix: string,
    signal: AbortSignal,
  ): Promise<number> => {
    const tasks = await docker.listContainers({ [taskLabel]: taskKind }, { signal })
    for (const { id, labels } of tasks)
      if (labels[targetLabel]?.startsWith(targetOf(prefix)) === true)
        await docker.removeContainer(id, { signal })
    const at = prefix.lastIndexOf('/')
    const words = [prefix.slice(0, Math.max(0, at)) || '.', prefix.slice(at + 1)] as const
    return Number(await ask(docker, [scripts.sweepNames, ...words], signal))
  }

  return {
    put,

    async get(name, { signal, from = 0 }) {
      await plain(signal)
      const bulk = await (await registry.ready(hostId, signal)).bulk(signal)
      return new Promise((resolve, reject) => {
        run(bulk.docker(), [scripts.read, name, String(from + 1)], signal, async (task) => {
          task.stdin.end()
          const opened = await firstLine(task.stdout)
          if (opened === null) {
            if ((await task.exit) === exits.missing) throw notFound(name)
            await succeeded(task, place)
            throw new QuaysideError('destination_failed', 'The host gave no answer.')
          }
          const { line, rest } = opened
          const gone = new Promise<void>((done) => void rest.once('close', done))
          resolve({ content: rest, bytes: Number(line) - from })
          // The task is removed once nobody reads any more.
          await gone
        })
          .catch(reject)
          .finally(() => void bulk.close().catch(() => undefined))
      })
    },

    async stat(name, { signal }) {
      const answer = await ask(await plain(signal), [scripts.stat, name], signal)
      const [bytes, seconds] = answer.trim().split(' ')
      if (bytes === undefined || bytes === '' || seconds === undefined) return null
      return { bytes: Number(bytes), modifiedAt: Number(seconds) * 1000 }
    },

    async *list(prefix, { signal }) {
      const docker = await plain(signal)
      const at = prefix.includes('/') ? posix.dirname(`${prefix}x`) : '.'
      const lines = await run(docker, [scripts.list, at], signal, async (task) => {
        task.stdin.end()
        const found = await linesOf(task.stdout)
        await succeeded(task, place)
        return found
      })
      // The script says last that it came to the end.
      if (lines.pop() !== 'end')
        throw new QuaysideError('destination_failed', 'The host’s list is not complete.')
      for (const line of lines) {
        const [, bytes, seconds, path] = /^(\d+) (\d+) (.+)$/.exec(line) ?? []
        if (path === undefined) continue
        const name = path.replace(/^(?:\.\/)+/, '')
        yield { name, bytes: Number(bytes), modifiedAt: Number(seconds) * 1000 }
      }
    },

    async remove(name, { signal }) {
      await ask(await plain(signal), [scripts.remove, name], signal)
    },

    async sweep({ signal, olderThanMs, prefix = '' }: SweepOptions) {
      const docker = await plain(signal)
      if (olderThanMs === 0) return sweepNames(docker, prefix, signal)
      const minutes = String(Math.ceil(olderThanMs / 60_000))
      const parts = Number(await ask(docker, [scripts.sweep, minutes], signal))
      // Containers of a computer that went away in between; those that run are somebody's.
      const over = (await docker.listContainers({ [taskLabel]: taskKind }, { signal })).filter(
        ({ state }) => state === 'exited' || state === 'dead',
      )
      for (const { id } of over) await docker.removeContainer(id, { signal })
      return parts
    },

    close: () => Promise.resolve(),
  }
}

/** With its dot in front it is no object's name. */
function partOf(name: string): string {
  const { dir, base } = posix.parse(name)
  return posix.join(dir, `.${base}.${randomBytes(4).toString('hex')}.part`)
}

function notFound(name: string): QuaysideError {
  return new QuaysideError('not_found', 'The destination has no such object.', { detail: name })
}

function placeMissing(thrown: unknown, place: string): unknown {
  if (!(thrown instanceof QuaysideError) || thrown.code !== 'volume_missing') return thrown
  return new QuaysideError('destination_unreachable', `The folder ${place} is not on the host.`, {
    hint: 'Connect the disk it lies on, or make the folder again.',
    detail: thrown.detail,
  })
}

/** @throws QuaysideError where the task did not do its work */
async function succeeded(task: StreamTask, place: string): Promise<void> {
  const code = await task.exit
  if (code === exits.notMarked) throw notMarked(place)
  if (code !== 0) throw taskError(code, task.stderr(), place)
}

function taskError(code: number, said: string, place: string): QuaysideError {
  const detail = `exit code ${code}: ${said.trim().slice(-1000)}`
  if (/no space left|quota exceeded|file too large/i.test(said))
    return new QuaysideError(
      'destination_full',
      `There is no space left in ${place} on the host.`,
      {
        hint: 'Free space there, or choose another destination, then retry. What was begun is removed.',
        detail,
      },
    )
  if (/permission denied|read-only file system|operation not permitted/i.test(said))
    return new QuaysideError(
      'destination_denied',
      `Nothing can be written to ${place} on the host.`,
      {
        hint: 'Look whether it is mounted read-only, or on a share that refuses root.',
        detail,
      },
    )
  return new QuaysideError('destination_failed', `${place} on the host can’t be used.`, {
    hint: 'Look at the cause, then retry.',
    detail,
  })
}

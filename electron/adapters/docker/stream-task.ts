import { Duplex, Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import { QuaysideError } from '../../../shared/errors.ts'
import type { CallOptions, StreamTask, StreamTaskSpec } from '../../domain/ports.ts'
import { createBoundedText } from './bounded-text.ts'
import { abortable, call, orNull, statusOf, unlessDone } from './call.ts'
import { inspectedSchema } from './containers.ts'
import { removeContainer } from './make-container.ts'
import { endOf } from './task-exit.ts'
import { streamTaskOptions } from './task-options.ts'
import { taskInput, taskOutput } from './task-streams.ts'

/** Of what a task says on its error output, bytes. */
const longestSaid = 256 * 1024
/** By SIGINT, SIGQUIT, SIGKILL, SIGTERM: what a stop sends. No script of ours ends so by itself. */
const stopped: ReadonlySet<number> = new Set([130, 131, 137, 143])
/** What the end of a call that was given up may take, milliseconds. */
const lateMs = 5_000
/** A slow disk takes its time to make or remove a container, milliseconds. */
const makeMs = 120_000

/** As `Docker.startTask`. */
export async function startStreamTask(
  { calls, streams }: { calls: Dockerode; streams: Dockerode },
  spec: StreamTaskSpec,
  options: CallOptions | undefined,
): Promise<StreamTask> {
  const id = await createOrNot(calls, spec, options)
  const container = calls.getContainer(id)
  const remove = (): Promise<void> =>
    call(undefined, (signal) => removeContainer(calls, id, signal), makeMs)
  let socket: Duplex | null = null
  try {
    socket = await call(options, (signal) => attach(streams, id, signal))
    // The connection may break at any moment; whoever reads the streams is told of it.
    socket.on('error', () => undefined)
    const waiting = await call(options, (signal) => openWait(streams, id, signal))
    const { code, unbroken } = endOf(calls, id, waiting)
    let killed = false
    const exit = code.then((ended) => {
      if (!killed && stopped.has(ended)) throw endedFromOutside(ended)
      return ended
    })
    exit.catch(() => undefined)
    await call(options, (abortSignal) => container.start({ abortSignal }), makeMs)
    const line = socket
    // Docker can't end a container while it waits for a reader that has stopped reading.
    const hangUp = (): void =>
      void line.destroy(new QuaysideError('cancelled', 'The task was ended.'))
    const said = createBoundedText(longestSaid)
    return {
      id,
      stdin: taskInput(socket, exit),
      stdout: taskOutput(socket, Promise.all([unbroken, exit]), (piece) => said.add(piece)),
      stderr: () => said.text(),
      exit,
      kill: () => {
        killed = true
        hangUp()
        return call(undefined, (abortSignal) =>
          unlessDone(() => container.kill({ abortSignal }), [404, 409]),
        )
      },
      remove: () => {
        hangUp()
        return remove()
      },
    }
  } catch (thrown) {
    socket?.destroy()
    // The reason counts: where not even this works, it is found by its labels later.
    await remove().catch(() => undefined)
    throw thrown
  }
}

function endedFromOutside(exitCode: number): QuaysideError {
  return new QuaysideError('docker_down', 'What ran on the host was ended from outside.', {
    hint: 'Docker was restarted there, or somebody stopped the container. Quayside tries again by itself.',
    detail: `exit code ${exitCode}`,
  })
}

/** Where the caller goes before Docker has answered, what it makes all the same is taken away again. */
async function createOrNot(
  calls: Dockerode,
  spec: StreamTaskSpec,
  options: CallOptions | undefined,
): Promise<string> {
  options?.signal?.throwIfAborted()
  const made = call(undefined, (signal) => create(calls, spec, signal), makeMs)
  try {
    return await call(options, () => made, makeMs)
  } catch (thrown) {
    const gone = made.then((id) => removeContainer(calls, id, AbortSignal.timeout(lateMs)))
    // Where even that takes long, it is found by its labels later.
    await Promise.race([gone.catch(() => undefined), delay(lateMs, undefined, { ref: false })])
    throw thrown
  }
}

/** One of that name with the same labels is what a try that was cut has left behind. */
async function create(
  docker: Dockerode,
  spec: StreamTaskSpec,
  signal: AbortSignal,
): Promise<string> {
  const options = abortable(streamTaskOptions(spec), signal)
  try {
    return (await docker.createContainer(options)).id
  } catch (thrown) {
    if (statusOf(thrown) !== 409) throw thrown
    const there = await orNull(() =>
      docker.getContainer(spec.name).inspect({ abortSignal: signal }),
    )
    if (there !== null) {
      const labels = inspectedSchema.parse(there).Config.Labels ?? {}
      const wanted = Object.entries(spec.labels)
      const ours = wanted.every(([label, value]) => labels[label] === value)
      if (!ours || wanted.length === 0) throw thrown
      await removeContainer(docker, spec.name, signal)
    }
    return (await docker.createContainer(options)).id
  }
}

/** Input and both outputs as one stream, on a connection of its own. */
function attach({ modem }: Dockerode, id: string, abortSignal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `/containers/${encodeURIComponent(id)}/attach?`,
        method: 'POST',
        isStream: true,
        allowEmpty: true,
        hijack: true,
        openStdin: true,
        statusCodes: { 101: true, 200: true, 404: 'no such container', 500: 'server error' },
        options: { stream: true, stdin: true, stdout: true, stderr: true },
        abortSignal,
      },
      (error, answer) => {
        if (answer instanceof Duplex) resolve(answer)
        else reject(error ?? new Error('docker-modem gave no stream'))
      },
    )
  })
}

/** Docker answers at once that it waits, and tells the exit code in the same answer later. */
function openWait({ modem }: Dockerode, id: string, abortSignal: AbortSignal): Promise<Readable> {
  return new Promise((resolve, reject) => {
    modem.dial(
      {
        path: `/containers/${encodeURIComponent(id)}/wait?`,
        method: 'POST',
        isStream: true,
        statusCodes: { 200: true, 404: 'no such container', 500: 'server error' },
        options: { condition: 'next-exit' },
        abortSignal,
      },
      (error, answer) => {
        if (answer instanceof Readable) resolve(answer)
        else reject(error ?? new Error('docker-modem gave no stream'))
      },
    )
  })
}

import type Dockerode from 'dockerode'
import * as z from 'zod'
import type { TaskSpec } from '../../domain/ports.ts'
import { abortable, statusOf } from './call.ts'
import { removeContainer } from './make-container.ts'
import { taskInFolder } from './selinux.ts'
import { tailLogs } from './tail-logs.ts'

/** More than a task says. */
const outputLines = 50

const endedSchema = z.object({ StatusCode: z.number() }).loose()

/** As `Docker.runOnce`. */
export async function runOnce(
  docker: Dockerode,
  spec: TaskSpec,
  signal: AbortSignal,
): Promise<{ exitCode: number; output: string }> {
  const id = await create(docker, spec, signal)
  try {
    const container = docker.getContainer(id)
    await container.start({ abortSignal: signal })
    const ended = endedSchema.parse(await container.wait({ abortSignal: signal }))
    return { exitCode: ended.StatusCode, output: await tailLogs(docker, id, outputLines, signal) }
  } finally {
    await removeContainer(docker, id, signal)
  }
}

/** One of that name is what a try that was cut has left behind. */
async function create(docker: Dockerode, spec: TaskSpec, signal: AbortSignal): Promise<string> {
  const options = abortable(onceOptions(spec), signal)
  try {
    return (await docker.createContainer(options)).id
  } catch (thrown) {
    if (statusOf(thrown) !== 409) throw thrown
    await removeContainer(docker, spec.name, signal)
    return (await docker.createContainer(options)).id
  }
}

/** What Docker is told to make. */
export function onceOptions({ name, image, command, labels, bind }: TaskSpec) {
  const { source, target, create: make, relabel = false } = bind
  const [program = '', ...words] = command
  return {
    name,
    Image: image,
    Entrypoint: [program],
    Cmd: words,
    User: '0',
    Labels: { ...labels },
    NetworkDisabled: true,
    HostConfig: {
      NetworkMode: 'none',
      // What it says is read, also where Docker's usual driver keeps nothing.
      LogConfig: { Type: 'json-file', Config: {} },
      ...(!relabel && { SecurityOpt: taskInFolder }),
      // Docker makes a missing folder, and relabels one, for a bind of the old form alone.
      ...(make || relabel
        ? { Binds: [`${source}:${target}${relabel ? ':z' : ''}`] }
        : { Mounts: [{ Type: 'bind' as const, Source: source, Target: target }] }),
    },
  }
}

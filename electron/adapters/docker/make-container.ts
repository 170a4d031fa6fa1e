import { setTimeout as delay } from 'node:timers/promises'
import type Dockerode from 'dockerode'
import type { ContainerSpec, PassingContainerSpec } from '../../domain/ports.ts'
import { archiveOf } from './archive.ts'
import { abortable, answerMs, orNull, statusOf } from './call.ts'
import { createOptions } from './containers.ts'

/** Between two looks at a container that is being removed already, milliseconds. */
const removalMs = 100

/** As `Docker.createContainer`: a container without its files is taken back. */
export async function createWithFiles(
  docker: Dockerode,
  spec: ContainerSpec | PassingContainerSpec,
  signal: AbortSignal,
): Promise<{ id: string }> {
  const { id } = await docker.createContainer(abortable(createOptions(spec), signal))
  try {
    if (spec.files.length > 0) await putFiles(docker, id, spec.files, signal)
  } catch (thrown) {
    // The reason counts: where not even this works, whoever made the container removes it by its name.
    await removeContainer(docker, id, AbortSignal.timeout(answerMs)).catch(() => undefined)
    throw thrown
  }
  return { id }
}

/** As `Docker.putFiles`. */
export async function putFiles(
  docker: Dockerode,
  id: string,
  files: ContainerSpec['files'],
  signal: AbortSignal,
): Promise<void> {
  const archive = await archiveOf(files)
  await docker.getContainer(id).putArchive(archive, abortable({ path: '/' }, signal))
}

/** As `Docker.removeContainer`. One that is being removed already is waited for: gone is gone. */
export async function removeContainer(
  docker: Dockerode,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  const container = docker.getContainer(id)
  for (;;) {
    try {
      await orNull(() => container.remove(abortable({ force: true, v: true }, signal)))
      return
    } catch (thrown) {
      if (statusOf(thrown) !== 409 || !/already in progress/i.test(String(thrown))) throw thrown
    }
    await delay(removalMs, undefined, { signal })
  }
}

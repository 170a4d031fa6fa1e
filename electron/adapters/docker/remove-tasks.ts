import type Dockerode from 'dockerode'
import type { Labels } from '../../domain/ports.ts'
import { listedSchema } from './containers.ts'
import { labelFilter } from './events.ts'
import { removeContainer } from './make-container.ts'

/** As `Docker.removeTasks`. Without a label it would be every container of the host. */
export async function removeTasks(
  docker: Dockerode,
  labels: Labels,
  signal: AbortSignal,
): Promise<number> {
  if (Object.keys(labels).length === 0) throw new Error('leftovers are removed by their labels')
  const filters = { label: labelFilter(labels) }
  const answer = await docker.listContainers({ all: true, filters, abortSignal: signal })
  const left = listedSchema.parse(answer)
  await Promise.all(left.map(({ Id: id }) => removeContainer(docker, id, signal)))
  return left.length
}

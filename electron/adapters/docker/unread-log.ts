import type Dockerode from 'dockerode'
import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import { refusalOf } from './docker-error.ts'

const driverSchema = z
  .object({ HostConfig: z.object({ LogConfig: z.object({ Type: z.string() }).loose() }).loose() })
  .loose()

/** True where Docker refuses to read a log, as it has none that it could read. */
export function isUnread(thrown: unknown): boolean {
  const words = refusalOf(thrown)?.words ?? ''
  return /logging driver does not support reading|log driver.*read/i.test(words)
}

/** Why there is nothing to read, once Docker has refused it. */
export async function unreadLog(
  docker: Dockerode,
  id: string,
  refusal: unknown,
  abortSignal: AbortSignal,
): Promise<QuaysideError> {
  const detail = refusalOf(refusal)?.words ?? ''
  const again = 'A container that is made anew with “local” or “json-file” has one.'
  const { HostConfig: host } = driverSchema.parse(
    await docker.getContainer(id).inspect({ abortSignal }),
  )
  const driver = host.LogConfig.Type
  return driver === 'none'
    ? new QuaysideError('docker_failed', 'Docker keeps no log of this container.', {
        hint: `Its logging driver is “none”, so nothing that it writes is kept. ${again}`,
        detail,
      })
    : new QuaysideError('docker_failed', 'Docker can’t read the log of this container.', {
        hint: `Its logging driver, “${driver}”, sends it elsewhere: read it there. ${again}`,
        detail,
      })
}

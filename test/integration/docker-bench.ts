import { randomBytes } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'
import { inject } from 'vitest'
import { createDocker } from '../../electron/adapters/docker/index.ts'
import type { ContainerSpec, Docker } from '../../electron/domain/ports.ts'

/** The image that every host of the lab can pull. */
export const image = 'postgres:15'

/** The lab's engine of this computer, where a published port can be reached from the test. */
export const localSocket = (): string => inject('lab').local.dockerSocket

/** The engine behind a socket. */
export function dockerAt(socketPath = localSocket()): Docker {
  return createDocker({ transport: { kind: 'socket', socketPath } })
}

/** A name that no other test uses. */
export function freshName(kind: string): string {
  return `${kind}-${randomBytes(4).toString('hex')}`
}

/** A port of this computer's loopback that nothing listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A container that does nothing for ten minutes. */
export async function idle(more: Partial<ContainerSpec> = {}): Promise<ContainerSpec> {
  const name = freshName('idle')
  return {
    name,
    image,
    env: {},
    command: ['sleep', '600'],
    labels: { 'io.quayside.test': name },
    volumes: {},
    publish: { hostAddress: '127.0.0.1', hostPort: await freePort(), containerPort: 5432 },
    files: [],
    shmBytes: 64 * 2 ** 20,
    stopGraceSeconds: 1,
    ...more,
  }
}

import { createServer, type Server, type Socket } from 'node:net'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Loopback, LoopbackClient } from '../../domain/ports.ts'
import { findPrograms } from './programs.ts'

/** How long a client that was told the end may take to end its own half, milliseconds. */
const partingMs = 1_000

/** Ports on 127.0.0.1 of this computer: reachable from nowhere else. */
export function createLoopback(): Loopback {
  return { listen, programs: findPrograms }
}

const listen: Loopback['listen'] = (port, onClient) =>
  new Promise((resolve, reject) => {
    const clients = new Set<Socket>()
    const options = { noDelay: true, keepAlive: true, allowHalfOpen: true }
    const server = createServer(options, (socket) => {
      clients.add(socket)
      socket.on('close', () => clients.delete(socket))
      // A client may break off at any moment; its close tells those who carry it.
      socket.on('error', () => socket.destroy())
      onClient(clientOf(socket))
    })
    server.once('error', (cause: NodeJS.ErrnoException) => reject(portError(cause, port)))
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
      // From here on an error of the server concerns one client that could not be accepted.
      server.on('error', () => undefined)
      resolve({ port: portOf(server, port), close: () => close(server, clients) })
    })
  })

function clientOf(socket: Socket): LoopbackClient {
  return {
    stream: socket,
    port: socket.remotePort ?? 0,
    traffic: () => ({ sent: socket.bytesRead, received: socket.bytesWritten }),
    end() {
      // Unread bytes would turn the end into a reset.
      socket.resume()
      socket.end(() => socket.setTimeout(partingMs, () => socket.destroy()))
    },
    reset: () => void socket.resetAndDestroy(),
  }
}

function close(server: Server, clients: ReadonlySet<Socket>): Promise<void> {
  return new Promise((closed) => {
    server.close(() => closed())
    for (const client of clients) client.destroy()
  })
}

function portOf(server: Server, asked: number): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : asked
}

function portError(cause: NodeJS.ErrnoException, port: number): Error {
  if (cause.code !== 'EADDRINUSE' && cause.code !== 'EACCES') return cause
  return new QuaysideError(
    'tunnel_port_taken',
    `Port ${port} of this computer can't be used for the tunnel.`,
    {
      hint: 'Another program holds it, or it needs more rights. Choose another port.',
      field: 'localPort',
      cause,
    },
  )
}

import { createServer, type Socket } from 'node:net'
import { QuaysideError } from '../../../shared/errors.ts'
import type { Loopback } from '../../domain/ports.ts'

/** Ports on 127.0.0.1 of this computer: reachable from nowhere else. */
export function createLoopback(): Loopback {
  return {
    listen: (port, onClient) =>
      new Promise((resolve, reject) => {
        const clients = new Set<Socket>()
        const server = createServer({ noDelay: true }, (client) => {
          clients.add(client)
          client.on('close', () => clients.delete(client))
          onClient(client)
        })
        server.once('error', (cause: NodeJS.ErrnoException) => {
          reject(
            cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
              ? new QuaysideError(
                  'tunnel_port_taken',
                  `Port ${port} of this computer can't be used for the tunnel.`,
                  {
                    hint: 'Another program holds it, or it needs more rights. Choose another port.',
                    field: 'localPort',
                    cause,
                  },
                )
              : cause,
          )
        })
        server.listen({ host: '127.0.0.1', port, exclusive: true }, () => {
          const address = server.address()
          resolve({
            port: typeof address === 'object' && address !== null ? address.port : port,
            close: () =>
              new Promise((closed) => {
                server.close(() => closed())
                for (const client of clients) client.destroy()
              }),
          })
        })
      }),
  }
}

import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/**
 * Lets one program of this computer take over a connection that is open already: a port on the
 * loopback that lets a single client in and is closed behind it. Whichever end breaks, ends the
 * other.
 */
export function openOneDoor(to: Duplex): Promise<{ port: number; close(): void }> {
  return new Promise((resolve, reject) => {
    const server = createServer((client) => {
      server.close()
      client.setNoDelay(true)
      client.on('error', () => to.destroy())
      client.on('close', () => to.destroy())
      to.on('error', () => client.destroy())
      to.on('close', () => client.destroy())
      client.pipe(to)
      to.pipe(client)
    })
    server.maxConnections = 1
    server.once('error', reject)
    to.once('close', () => server.close())
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({
        port,
        close: () => {
          server.close()
          to.destroy()
        },
      })
    })
  })
}

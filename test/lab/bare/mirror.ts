import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { cacheFolder } from '../image-sources.ts'

/** A bare host's way to its distribution's mirror, which can be cut. */
export interface Mirror {
  readonly url: string
  /** False refuses connections, as without a network. */
  setOpen(open: boolean): Promise<void>
  close(): Promise<void>
}

/**
 * A proxy for apt: what apt asks for is fetched from the real mirror; packages and lists named by their
 * hash, which never change, are kept beside the lab's images.
 */
export async function startMirror(address: string): Promise<Mirror> {
  const packages = join(cacheFolder(), 'packages')
  mkdirSync(packages, { recursive: true })
  const server = createServer((request, response) => {
    answer(request, response, packages).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(502)
      response.end(String(error))
    })
  })
  const listen = (port: number) =>
    new Promise<number>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, address, () => {
        const bound = server.address()
        resolve(typeof bound === 'object' && bound !== null ? bound.port : 0)
      })
    })
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve()
      })
      server.closeAllConnections()
    })
  const port = await listen(0)
  return {
    url: `http://${address}:${port}`,
    async setOpen(open) {
      if (open && !server.listening) await listen(port)
      if (!open && server.listening) await close()
    },
    close,
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  packages: string,
): Promise<void> {
  const url = new URL(request.url ?? '')
  const kept = join(packages, createHash('sha256').update(url.href).digest('hex'))
  const keep = url.pathname.endsWith('.deb') || url.pathname.includes('/by-hash/')
  if (keep && existsSync(kept)) {
    response.writeHead(200)
    await pipeline(createReadStream(kept), response)
    return
  }
  const { host: _host, ...headers } = request.headers
  const upstream = await new Promise<IncomingMessage>((resolve, reject) => {
    get(url, { headers }, resolve).once('error', reject)
  })
  if (keep && upstream.statusCode === 200) {
    const draft = `${kept}.${process.pid}`
    await pipeline(upstream, createWriteStream(draft))
    renameSync(draft, kept)
    response.writeHead(200)
    await pipeline(createReadStream(kept), response)
    return
  }
  response.writeHead(upstream.statusCode ?? 502, upstream.headers)
  await pipeline(upstream, response)
}

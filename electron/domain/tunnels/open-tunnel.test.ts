import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { createClock } from '../../adapters/clock/index.ts'
import { createLoopback } from '../../adapters/loopback/index.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { databaseIdSchema } from '../../../shared/contract/databases.ts'
import { openTunnel, type OpenTunnel } from './open-tunnel.ts'
import { silentLog } from '../silent-log.ts'

const databaseId = databaseIdSchema.parse('018f2a51-0000-7000-8000-000000000001')
const loopback = createLoopback()
const endings: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

/** A server on a free port; `serve` gets each connection. */
async function serverOf(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  endings.push(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((closed) => server.close(closed))
  })
  return (server.address() as AddressInfo).port
}

/** A tunnel whose far end is reached by a plain connection. */
async function tunnelTo(
  reach: (signal: AbortSignal) => Promise<Socket>,
  { ownPort = 0, patienceMs }: { ownPort?: number; patienceMs?: number } = {},
): Promise<OpenTunnel> {
  const tunnel = await openTunnel(
    { loopback, clock: createClock(), log: silentLog, changed: () => undefined, reach, patienceMs },
    { databaseId, remotePort: 5432, ownPort, wanted: ownPort === 0 ? 0 : undefined },
  )
  endings.push(() => tunnel.close())
  return tunnel
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

async function client(tunnel: OpenTunnel): Promise<Socket> {
  const socket = await dial(tunnel.localPort)
  endings.push(async () => void socket.destroy())
  return socket
}

describe('a client of a tunnel', () => {
  it('may end its half and still gets all of the answer', async () => {
    const answer = 'x'.repeat(8 * 1024 * 1024)
    const port = await serverOf((socket) => {
      text(socket).then(
        (question) => socket.end(`${question.length} ${answer}`),
        () => undefined,
      )
    })
    const tunnel = await tunnelTo(() => dial(port))
    const socket = await client(tunnel)
    socket.end('q'.repeat(3_000_000))
    expect(await text(socket)).toBe(`3000000 ${answer}`)
  })

  it('still sends where the database has ended its half', async () => {
    let heard: Promise<string> | undefined
    const port = await serverOf((socket) => {
      socket.end('bye')
      heard = text(socket)
    })
    const socket = await client(await tunnelTo(() => dial(port)))
    expect(await text(socket)).toBe('bye')
    socket.end('one more thing')
    expect(await heard).toBe('one more thing')
  })

  it('that reads nothing holds its own stream back, and no other', async () => {
    let written = 0
    const port = await serverOf((socket) => {
      socket.once('data', (asked) => {
        if (asked.toString() !== 'flood') return void socket.end('quick')
        const block = Buffer.alloc(1024 * 1024)
        const more = () => {
          while (socket.writable && socket.write(block)) written += block.length
          socket.once('drain', more)
        }
        more()
      })
    })
    const tunnel = await tunnelTo(() => dial(port))
    const stalled = await client(tunnel)
    stalled.pause()
    stalled.write('flood')
    await expect.poll(() => written, { timeout: 5_000 }).toBeGreaterThan(0)
    const quick = await client(tunnel)
    quick.write('now')
    expect(await text(quick)).toBe('quick')
    const before = written
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(written - before).toBeLessThan(2 * 1024 * 1024)
    expect(written).toBeLessThan(64 * 1024 * 1024)
  })

  it('gets a clean end where the host can’t be reached, and no data is taken for an answer', async () => {
    const tunnel = await tunnelTo(() => Promise.reject(new QuaysideError('host_lost', 'Lost.')))
    const socket = await client(tunnel)
    socket.write('hello')
    expect(await text(socket)).toBe('')
    socket.end()
    await expect.poll(async () => (await tunnel.view()).clients.length).toBe(0)
  })

  it('waits for a host that does not come back so long, and then gets a clean end', async () => {
    const never = (signal: AbortSignal) =>
      new Promise<Socket>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      })
    const socket = await client(await tunnelTo(never, { patienceMs: 150 }))
    socket.write('hello')
    const begin = performance.now()
    expect(await text(socket)).toBe('')
    expect(performance.now() - begin).toBeGreaterThan(100)
  })

  it('is broken off, not ended, where the way is lost in the middle', async () => {
    const port = await serverOf((socket) => void socket.write('half of it'))
    let far: Socket | undefined
    const tunnel = await tunnelTo(async () => (far = await dial(port)))
    const socket = await client(tunnel)
    await once(socket, 'data')
    const failed = once(socket, 'error')
    far?.destroy(new Error('the link was cut'))
    expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' })
  })

  it('that leaves while it waits is forgotten, and its way given up', async () => {
    let gaveUp = false
    const tunnel = await tunnelTo(
      (signal) =>
        new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            gaveUp = true
            reject(signal.reason)
          }),
        ),
    )
    const socket = await client(tunnel)
    await expect
      .poll(async () => (await tunnel.view()).clients)
      .toMatchObject([{ state: 'waiting' }])
    socket.resetAndDestroy()
    await expect.poll(() => gaveUp).toBe(true)
    expect((await tunnel.view()).clients).toEqual([])
  })
})

describe('what a tunnel tells', () => {
  it.runIf(process.platform === 'linux')('names the program, and counts its bytes', async () => {
    const port = await serverOf((socket) => {
      socket.on('data', () => socket.write('four'))
      socket.on('end', () => socket.end())
    })
    const tunnel = await tunnelTo(() => dial(port))
    const program = `const s = require('net').connect(${tunnel.localPort}, '127.0.0.1')
      s.write('0123456789'); s.on('data', () => console.log('answered'))`
    const child = spawn(process.execPath, ['-e', program], { stdio: ['pipe', 'pipe', 'inherit'] })
    endings.push(async () => void child.kill())
    await once(child.stdout, 'data')
    const { clients } = await tunnel.view()
    expect(clients).toMatchObject([
      {
        state: 'connected',
        bytesSent: 10,
        bytesReceived: 4,
        program: { pid: child.pid, name: 'node' },
      },
    ])
    child.kill()
    await expect.poll(async () => (await tunnel.view()).clients).toEqual([])
  })

  it('moves on where its port is taken, and says where it was', async () => {
    const taken = await serverOf(() => undefined)
    const tunnel = await tunnelTo(() => dial(taken), { ownPort: taken })
    const { localPort, movedFrom } = await tunnel.view()
    expect(localPort).not.toBe(taken)
    expect(movedFrom).toBe(taken)
  })

  it('carries many clients, each its own bytes', async () => {
    const port = await serverOf((socket) => socket.pipe(socket))
    const tunnel = await tunnelTo(() => dial(port))
    const all = Array.from({ length: 20 }, async (_, n) => {
      const socket = await client(tunnel)
      socket.end(String(n).repeat(200_000))
      return (await text(socket)) === String(n).repeat(200_000)
    })
    expect(await Promise.all(all)).toEqual(Array.from({ length: 20 }, () => true))
  })
})

it('listens on the loopback only', async () => {
  const tunnel = await tunnelTo(() => dial(1))
  if (process.platform !== 'linux') return
  const { stdout } = await promisify(execFile)('cat', ['/proc/net/tcp'])
  const port = tunnel.localPort.toString(16).toUpperCase().padStart(4, '0')
  expect(stdout).toContain(`0100007F:${port} 00000000:0000 0A`)
})

import { createServer, connect, type AddressInfo, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import type { SessionLogin } from '../engine.ts'
import { loginSettings } from './login-settings.ts'
import { openPostgresSession } from './session.ts'

// A stand-in for what a server says at the wrong moment; the real one is met in test/integration.

const login = { user: 'u', password: 'p', database: 'd', timeoutMs: 2_000 }

/** A stream to a server that does this with who connects. */
async function streamTo(serve: (socket: Socket) => void): Promise<Socket> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    serve(socket)
  }).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const stream = connect((server.address() as AddressInfo).port, '127.0.0.1')
  await new Promise((resolve) => stream.once('connect', resolve))
  onTestFinished(() => {
    stream.destroy()
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return stream
}

/** A message of the server, https://www.postgresql.org/docs/current/protocol-message-formats.html */
function message(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(kind), length, body])
}

const refusal = (code: string, words: string) =>
  message('E', Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${words}\0\0`))
const welcome = Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))])

const open = (stream: SessionLogin['stream'], more: Partial<SessionLogin> = {}) =>
  openPostgresSession({ ...login, ...more, stream })

describe('a login to PostgreSQL', () => {
  it.each([
    ['57P03', 'the database system is starting up', 'engine_not_ready'],
    ['57P03', 'the database system is shutting down', 'engine_not_ready'],
    ['53300', 'sorry, too many clients already', 'engine_not_ready'],
    ['28P01', 'password authentication failed for user "u"', 'engine_failed'],
    ['3D000', 'database "d" does not exist', 'engine_failed'],
    ['53100', 'could not write file "pg_x": No space left on device', 'disk_full'],
    ['53100', 'could not resize shared memory segment: No space left on device', 'engine_failed'],
  ])('%s, %s', async (code, words, expected) => {
    const stream = await streamTo((socket) => {
      socket.once('data', () => socket.end(refusal(code, words)))
    })
    await expect(open(stream)).rejects.toMatchObject({
      code: expected,
      detail: `${code}: ${words}`,
    })
  })

  it.each([
    ['13', '-c search_path=pg_catalog'],
    ['17', `-c search_path=pg_catalog ${loginSettings('17')}`],
  ])('is set as a login of ours, at version %s', async (version, options) => {
    let said = ''
    const stream = await streamTo((socket) => {
      socket.once('data', (startup) => {
        said = startup.toString('latin1')
        socket.write(welcome)
      })
    })
    await (await open(stream, { version })).close()
    expect(said).toContain(`\0options\0${options}\0`)
  })

  it('is not ready where the stream is closed at once, as Docker’s proxy does', async () => {
    const ended = open(await streamTo((socket) => socket.end()))
    await expect(ended).rejects.toMatchObject({ code: 'engine_not_ready' })
    const reset = open(
      await streamTo((socket) => socket.once('data', () => socket.resetAndDestroy())),
    )
    await expect(reset).rejects.toMatchObject({ code: 'engine_not_ready' })
  })

  it('is not ready where the stream is gone already', async () => {
    const stream = await streamTo(() => undefined)
    stream.destroy()
    await new Promise((resolve) => stream.once('close', resolve))
    await expect(open(stream)).rejects.toMatchObject({ code: 'engine_not_ready' })
  })

  it('is not ready where nothing is said for too long', async () => {
    const silent = open(await streamTo(() => undefined), { timeoutMs: 50 })
    await expect(silent).rejects.toMatchObject({ code: 'engine_not_ready' })
  })

  it('has failed where something else than PostgreSQL answers', async () => {
    const stream = await streamTo((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await expect(open(stream, { timeoutMs: 200 })).rejects.toBeInstanceOf(QuaysideError)
  })
})

describe('a session', () => {
  const silentAfterLogin = () =>
    streamTo((socket) => {
      socket.once('data', () => socket.write(welcome))
    })

  it('gives the link’s own error to a query that it cut', async () => {
    const stream = await silentAfterLogin()
    const session = await open(stream)
    const lost = new QuaysideError('host_lost', 'The link was lost.')
    const asking = session.ping()
    stream.destroy(lost)
    await expect(asking).rejects.toBe(lost)
    await expect(session.ping()).rejects.toBe(lost)
    await session.close()
  })

  it('closes the stream even if the server says no goodbye', async () => {
    const stream = await silentAfterLogin()
    const session = await open(stream)
    await session.close()
    expect(stream.destroyed).toBe(true)
  })
})

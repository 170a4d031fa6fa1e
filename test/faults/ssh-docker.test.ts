import { connect, createServer } from 'node:net'
import type { Server, Socket } from 'node:net'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, it, onTestFinished } from 'vitest'
import {
  byKey,
  get,
  makeConnector,
  startServer,
  statusWhere,
  trust,
} from '../integration/ssh-connector.ts'

/** Docker's socket on the host, which can be taken away and can stop answering. */
async function makeSocket() {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-socket-'))
  const path = join(folder, 'docker.sock')
  const real = inject('lab').hosts[0]?.dockerSocket ?? ''
  const sockets = new Set<Socket>()
  let mute = false
  let server: Server
  const open = async () => {
    server = createServer((near) => {
      sockets.add(near)
      near.on('close', () => sockets.delete(near)).on('error', () => {})
      if (mute) return near.resume()
      const far = connect(real)
      far.on('error', () => near.destroy()).on('close', () => near.destroy())
      near.on('close', () => far.destroy())
      return near.pipe(far).pipe(near)
    }).listen(path)
    await once(server, 'listening')
  }
  const close = async () => {
    const closed = once(server, 'close')
    server.close()
    for (const socket of sockets) socket.destroy()
    await closed
  }
  await open()
  onTestFinished(async () => {
    await close()
    rmSync(folder, { recursive: true })
  })
  return {
    path,
    open,
    close,
    mute(now: boolean) {
      mute = now
      for (const socket of sockets) socket.destroy()
    },
  }
}

async function connected() {
  const socket = await makeSocket()
  const server = await startServer(socket.path)
  const { connector, open } = makeConnector()
  const connection = byKey(server.port, server.file('id'))
  await trust(connector, connection)
  const opened = open(connection)
  await statusWhere(opened.host, ({ state }) => state === 'ready')
  return { socket, ...opened }
}

it('tells a Docker that is down, keeps the link, and is ready once Docker is back', async () => {
  const { socket, host, agent } = await connected()
  await socket.close()
  await expect(get(agent, '/_ping')).rejects.toMatchObject({ code: 'docker_down' })
  host.reconnect()
  const down = await statusWhere(host, ({ state }) => state === 'degraded')
  expect(down.error).toMatchObject({ code: 'docker_down' })
  expect((await host.exec(['echo', 'there'])).stdout).toBe('there\n')
  await socket.open()
  await statusWhere(host, ({ state }) => state === 'ready')
  expect(await get(agent, '/_ping')).toBe('OK')
})

it('tells a Docker that is there but does not answer', async () => {
  const { socket, host } = await connected()
  socket.mute(true)
  host.reconnect()
  const stuck = await statusWhere(host, ({ state }) => state === 'degraded')
  expect(stuck.error).toMatchObject({ code: 'docker_down' })
  socket.mute(false)
  await statusWhere(host, ({ state }) => state === 'ready')
})

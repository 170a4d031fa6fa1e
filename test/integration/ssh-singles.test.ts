import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, inject, it, onTestFinished } from 'vitest'
import { certificateServer, sessionsOf } from './certificate-server.ts'
import { expectCarried } from './ssh-carried.ts'
import { folders, processesWith, programsOf } from './ssh-programs.ts'
import { byKey, get, makeConnector, startTestProxy, statusWhere, trust } from './ssh-connector.ts'

// What the system's ssh does on Windows, which cannot share a connection: played with this machine's.

const dockerSocket = () => inject('lab').hosts[0]?.dockerSocket ?? ''

async function connected(settings: readonly string[] = []) {
  const { server, key } = await certificateServer(dockerSocket(), settings)
  const subject = makeConnector({ sharing: false })
  const connection = byKey(server.port, key)
  await trust(subject.connector, connection)
  const { host, agent, streamAgent } = subject.open(connection)
  const status = await statusWhere(host, ({ transport }) => transport !== null)
  return { server, key, host, agent, streamAgent, status }
}

describe('an ssh that cannot share a connection', { timeout: 60_000 }, () => {
  it('carries Docker, commands and ports, and leaves nothing when closed', async () => {
    const before = folders()
    const { key, host, agent, status } = await connected()
    expect(status.transport).toBe('dial-stdio')
    expect(status.systemSsh).toBe(`certificate ${key}-cert.pub`)
    expect(status.limits).toEqual([
      'The ssh of this computer cannot share a connection: each new one to Docker or a database logs in by itself, which takes its time.',
    ])
    const mine = folders().filter((name) => !before.includes(name))

    await expectCarried(host, agent)

    // What each run has said is gone with it.
    expect(mine.flatMap((name) => readdirSync(join(tmpdir(), name)))).toEqual(['known_hosts'])

    await host.close()
    expect(folders().filter((name) => mine.includes(name))).toEqual([])
    await expect.poll(() => mine.flatMap(programsOf)).toEqual([])
  })

  it('leads many at once to a port of the host, and says where nobody listens', async () => {
    const { host } = await connected()
    const echo = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))
    echo.listen(0, '127.0.0.1')
    await once(echo, 'listening')
    onTestFinished(() => void echo.close())
    const { port } = echo.address() as AddressInfo
    const answers = Array.from({ length: 16 }, async (_, n) => {
      const stream = await host.forward(port)
      stream.end(`client ${n}`)
      return text(stream)
    })
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 16 }, (_, n) => `client ${n}`))
    await expect(host.forward(1)).rejects.toMatchObject({ code: 'engine_not_ready' })
  })

  it('says that a server forbids ports', async () => {
    const { host, status } = await connected(['AllowTcpForwarding no'])
    expect(status.limits.join()).toContain('AllowTcpForwarding no')
    await expect(host.forward(5432)).rejects.toMatchObject({ code: 'forwarding_denied' })
  })

  it('needs Docker’s command line on the server, and says so', async () => {
    const { server, key } = await certificateServer(dockerSocket(), [], { dockerProgram: false })
    const { connector, open } = makeConnector({ sharing: false })
    const connection = byKey(server.port, key)
    await trust(connector, connection)
    const { host } = open(connection)
    const { error } = await statusWhere(host, ({ state }) => state === 'refused')
    expect(error).toMatchObject({
      code: 'forwarding_denied',
      hint: expect.stringContaining('Install Docker’s command line') as string,
    })
  })

  it('ends what runs when it is given up, here and on the host', async () => {
    const { host } = await connected()
    const stopped = new AbortController()
    const mark = `sleep 3${process.pid}`
    const running = host.exec(['sh', '-c', mark], { signal: stopped.signal })
    const onHost = () => processesWith(mark.replace(' ', '\0'))
    await expect.poll(onHost).toHaveLength(1)
    stopped.abort(new Error('No longer wanted.'))
    await expect(running).rejects.toThrow('No longer wanted.')
    await expect.poll(onHost, { timeout: 10_000 }).toEqual([])
  })

  it('tells what was cut alone from what has ended, and the link stays', async () => {
    const { server, host } = await connected()
    const before = sessionsOf(server)
    const ended = text(await host.stream(['sleep', '30'])).catch((error: unknown) => error)
    const command = host.exec(['sh', '-c', 'echo begun; sleep 30'])
    const running = command.catch((error: unknown) => error)
    const theirs = () => sessionsOf(server).filter((pid) => !before.includes(pid))
    await expect.poll(() => processesWith('echo begun; sleep 30\0')).not.toEqual([])
    for (const pid of theirs()) process.kill(pid, 'SIGKILL')
    expect(await ended).toMatchObject({ code: 'host_lost' })
    expect(await running).toMatchObject({ code: 'host_lost' })
    expect(host.status.state).toBe('ready')
    expect((await host.exec(['echo', 'again'])).stdout).toBe('again\n')
  })

  it('is no lost link where a login takes long', async () => {
    const { server, host } = await connected()
    await server.restart({ settings: ['ForceCommand sleep 30'] })
    const states: string[] = []
    host.onStatus(({ state }) => void states.push(state))
    host.reconnect()
    await sleep(6_000)
    expect(states.filter((state) => state !== 'ready')).toEqual([])
  })

  it('comes back after the link was cut; what ran then ends with an error', async () => {
    const { server, key } = await certificateServer(dockerSocket())
    const proxy = await startTestProxy(server.port)
    const { connector, open } = makeConnector({ sharing: false })
    const connection = byKey(proxy.port, key)
    await trust(connector, connection)
    const { host, agent } = open(connection)
    await statusWhere(host, ({ state }) => state === 'ready')
    const ended = text(await host.stream(['sleep', '30'])).catch((error: unknown) => error)
    const running = host.exec(['sleep', '30'])
    proxy.cut()
    expect(await ended).toMatchObject({ code: 'host_lost' })
    await expect(running).rejects.toMatchObject({ code: 'host_lost' })
    await statusWhere(host, ({ state }) => state === 'ready')
    expect(await get(agent, '/_ping')).toBe('OK')
  })

  it('that is let in no more says so with the next channel', async () => {
    const { server, host } = await connected()
    await server.restart({ settings: [] })
    await expect(host.exec(['true'])).rejects.toMatchObject({ code: 'login_refused' })
    for (const pid of sessionsOf(server)) process.kill(pid)
    const { error } = await statusWhere(host, ({ state }) => state === 'refused')
    expect(error?.code).toBe('login_refused')
  })
})

import { createServer, request } from 'node:http'
import type { Agent } from 'node:http'
import { createConnection } from 'node:net'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDockerAgents } from './docker-agents.ts'

let folder = ''
let served = 0
const server = createServer((_request, answer) => {
  served += 1
  setTimeout(() => answer.end('OK'), 5)
})
const socket = () => join(folder, 'socket')

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'quayside-agent-'))
  await new Promise<void>((resolve) => server.listen(socket(), resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

function get(agent: Agent): Promise<number> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, host: 'docker', path: '/_ping' }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve(answer.statusCode ?? 0))
    })
    call.on('error', reject)
    call.end()
  })
}

function countingAgents() {
  let opened = 0
  const agents = createDockerAgents(async () => {
    opened += 1
    await new Promise((resolve) => setTimeout(resolve, 20))
    return createConnection(socket())
  })
  return { agents, opened: () => opened }
}

describe('docker agents', () => {
  // docker-modem inspects its options, the agent among them, on every single request.
  it('print as one word', async () => {
    const { agents } = countingAgents()
    await get(agents.agent)
    const printed = inspect({ agent: agents.agent }, { showHidden: true, depth: null })
    expect(printed.length).toBeLessThan(60)
    agents.destroy()
  })

  // An http.Agent does not count connections that are still on their way.
  it('open eight channels for thirty calls at once, and use them again', async () => {
    const { agents, opened } = countingAgents()
    served = 0
    await Promise.all(Array.from({ length: 30 }, () => get(agents.agent)))
    expect(served).toBe(30)
    expect(opened()).toBe(8)
    await get(agents.agent)
    expect(opened()).toBe(8)
    agents.destroy()
  })

  it('open three where each is a session', async () => {
    const { agents, opened } = countingAgents()
    agents.fit('dial-stdio')
    await Promise.all(Array.from({ length: 10 }, () => get(agents.agent)))
    expect(opened()).toBe(3)
    agents.destroy()
  })

  it('give a stream a channel of its own', async () => {
    const { agents, opened } = countingAgents()
    await get(agents.streamAgent)
    await get(agents.streamAgent)
    expect(opened()).toBe(2)
    agents.destroy()
  })

  it('pass on why no channel could be opened, and go on afterwards', async () => {
    let broken = true
    const agents = createDockerAgents(() =>
      broken ? Promise.reject(new Error('no way')) : Promise.resolve(createConnection(socket())),
    )
    await expect(get(agents.agent)).rejects.toThrow('no way')
    broken = false
    expect(await get(agents.agent)).toBe(200)
    agents.destroy()
  })

  it('drop a kept channel that the other side has closed', async () => {
    const { agents, opened } = countingAgents()
    await get(agents.agent)
    server.closeAllConnections()
    // Not a time: on a busy machine the news of the close may come after any.
    await expect.poll(() => Object.keys(agents.agent.freeSockets)).toEqual([])
    expect(await get(agents.agent)).toBe(200)
    expect(opened()).toBe(2)
    agents.destroy()
  })

  it('give up at once on a call that is aborted while its channel is on its way', async () => {
    let given: AbortSignal | undefined
    const agents = createDockerAgents(({ signal }) => {
      given = signal
      return new Promise(() => {})
    })
    const abort = new AbortController()
    const call = new Promise((_resolve, reject) => {
      request({ agent: agents.agent, host: 'docker', signal: abort.signal })
        .on('error', reject)
        .end()
    })
    setTimeout(() => abort.abort(), 10)
    await expect(call).rejects.toThrow('aborted')
    expect(given?.aborted).toBe(true)
    agents.destroy()
  })
})

import { Agent } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { QuaysideError } from '../../../shared/errors.ts'
import { call } from './call.ts'
import { createDocker } from './docker.ts'
import { jsonEngine, Refusal, startTestEngine, version20 } from './docker-test-engine.ts'

const half = '[{"Id":"f0",'
const at = (socketPath: string) => createDocker({ transport: { kind: 'socket', socketPath } })

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('the version of the API', () => {
  it.each([
    ['1.41', '1.41'],
    ['1.99', '1.47'],
  ])('an engine of API %s is spoken to in %s', async (engineApi, spoken) => {
    const answers = { '/version': () => ({ ...version20, ApiVersion: engineApi }) }
    const engine = await startTestEngine(jsonEngine({ ...answers, '/containers/json': () => [] }))
    const docker = at(engine.socketPath)
    await docker.listContainers({})
    await docker.listContainers({})
    const list = `GET /v${spoken}/containers/json?all=true&filters=%7B%22label%22%3A%5B%5D%7D`
    expect(engine.asked).toEqual(['GET /version', list, list])
  })

  it('is agreed on again when the engine was replaced by another one', async () => {
    let api = '1.47'
    const engine = await startTestEngine((request, response) => {
      const tooNew = new Refusal(
        400,
        `client version 1.47 is too new. Maximum supported API version is ${api}`,
      )
      const refused = request.url?.startsWith('/v1.47/') === true && api !== '1.47'
      const answers = {
        '/version': () => ({ ...version20, ApiVersion: api }),
        '/containers/json': () => (refused ? tooNew : []),
      }
      jsonEngine(answers)(request, response)
    })
    const docker = at(engine.socketPath)
    await docker.listContainers({})
    api = '1.41'
    expect(await docker.listContainers({})).toEqual([])
    expect(engine.asked.map((asked) => asked.split('/')[1])).toEqual([
      'version',
      'v1.47',
      'v1.47',
      'version',
      'v1.41',
    ])
  })

  it('is too old before 1.40', async () => {
    const old = { ...version20, Version: '18.09.1', ApiVersion: '1.39' }
    const engine = await startTestEngine(jsonEngine({ '/version': () => old }))
    const error = { code: 'docker_too_old', message: 'Docker 18.09.1 is too old.' }
    await expect(at(engine.socketPath).version()).rejects.toMatchObject(error)
    await expect(at(engine.socketPath).listContainers({})).rejects.toMatchObject(error)
  })
})

describe('an answer', () => {
  it('that is not Docker’s', async () => {
    const engine = await startTestEngine(jsonEngine({ '/version': () => ({ hello: 'world' }) }))
    const asking = at(engine.socketPath).version()
    await expect(asking).rejects.toMatchObject({ code: 'docker_failed' })
  })

  it('that breaks off in the middle is an error at once', async () => {
    const engine = await startTestEngine((request, response) => {
      if (request.url === '/version')
        return jsonEngine({ '/version': () => version20 })(request, response)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
      response.write(half, () => response.destroy())
    })
    const asking = at(engine.socketPath).listContainers({})
    await expect(asking).rejects.toMatchObject({ code: 'docker_down' })
  })

  it('that breaks off with the link fails with the link’s error', async () => {
    const sockets: Socket[] = []
    const lost = new QuaysideError('host_lost', 'The link was lost.')
    const engine = await startTestEngine((request, response) => {
      if (request.url === '/version')
        return jsonEngine({ '/version': () => version20 })(request, response)
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
      response.write(half, () => setTimeout(() => sockets.forEach((one) => one.destroy(lost)), 20))
    })
    class ChannelAgent extends Agent {
      override createConnection(): Socket {
        const socket = createConnection(engine.socketPath)
        sockets.push(socket)
        return socket
      }
    }
    const agent = new ChannelAgent()
    const docker = createDocker({ transport: { kind: 'agent', agent, streamAgent: agent } })
    await expect(docker.listContainers({})).rejects.toBe(lost)
    const events = docker.events({}, { signal: new AbortController().signal })
    await expect(events[Symbol.asyncIterator]().next()).rejects.toBe(lost)
  })

  it('that never comes is waited for so long only', async () => {
    const never = call(undefined, () => new Promise(() => undefined), 20)
    await expect(never).rejects.toMatchObject({
      code: 'docker_down',
      detail: 'no answer within 0.02 s',
    })
  })

  it('is not waited for once the caller has had enough', async () => {
    const engine = await startTestEngine(() => undefined)
    const controller = new AbortController()
    const reason = new Error('enough')
    setTimeout(() => controller.abort(reason), 20)
    const asking = at(engine.socketPath).version({ signal: controller.signal })
    await expect(asking).rejects.toBe(reason)
    await expect(at(engine.socketPath).version({ signal: controller.signal })).rejects.toBe(reason)
  })
})

describe('images', () => {
  it('are listed by the repositories that are asked for, whatever else they are called', async () => {
    const images = [
      { Id: 'a', RepoTags: ['one:2', 'one:1', 'mine/copy:1'] },
      { Id: 'b', RepoTags: ['oneself:1'] },
      { Id: 'c', RepoTags: null },
    ]
    const answers = { '/version': () => version20, '/images/json': () => images }
    const engine = await startTestEngine(jsonEngine(answers))
    const listed = await at(engine.socketPath).listImages(['one', 'mirror:5000/two'])
    expect(listed).toEqual(['one:2', 'one:1'])
    const [, asked = ''] = engine.asked
    expect(decodeURIComponent(asked)).toContain('{"reference":["one","mirror:5000/two"]}')
  })
})

describe('the environment', () => {
  it('does not lead the socket’s calls elsewhere', async () => {
    vi.stubEnv('DOCKER_HOST', 'tcp://192.0.2.1:2376')
    vi.stubEnv('DOCKER_CERT_PATH', '/does/not/exist')
    const engine = await startTestEngine(jsonEngine({ '/version': () => version20 }))
    expect(await at(engine.socketPath).version()).toMatchObject({ version: '20.10.24' })
    expect(process.env['DOCKER_HOST']).toBe('tcp://192.0.2.1:2376')
  })
})

describe('without Docker', () => {
  it('says that nothing is there', async () => {
    await expect(at('/does/not/exist.sock').version()).rejects.toMatchObject({
      code: 'docker_missing',
    })
  })

  it('says that it is down where the socket is a leftover', async () => {
    const engine = await startTestEngine(() => undefined)
    const docker = at(engine.socketPath)
    await engine.stop()
    await expect(docker.version()).rejects.toMatchObject({
      code: expect.stringMatching(/docker_(down|missing)/) as string,
    })
  })
})

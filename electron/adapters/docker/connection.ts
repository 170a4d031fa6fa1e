import { IncomingMessage, type Agent } from 'node:http'
import Dockerode from 'dockerode'
import { agreeOn, versionSchema } from './api-version.ts'
import { bytesOf } from './answer-bytes.ts'

/** Where Docker's API is reached. */
export type DockerTransport =
  | {
      kind: 'agent'
      /** For calls with a short answer. */
      agent: Agent
      /** For answers without an end: events, pulls. */
      streamAgent: Agent
    }
  | { kind: 'socket'; socketPath: string }

type Modem = Dockerode['modem']
type Dial = Modem['dial']
type DialOptions = Parameters<Dial>[0]
type Callback = NonNullable<Parameters<Dial>[1]>

/** An answer that is read whole is no longer than this, bytes. */
const longestAnswer = 64 * 2 ** 20

/** dockerode over a transport: one for calls, one for streams, which agree on the API's version. */
export function connectDocker(transport: DockerTransport): {
  calls: Dockerode
  streams: Dockerode
} {
  const api: Api = { version: null }
  return { calls: open(transport, 'agent', api), streams: open(transport, 'streamAgent', api) }
}

interface Api {
  /** Null until the engine was asked, and again when it was replaced by another one. */
  version: string | null
}

function open(transport: DockerTransport, which: 'agent' | 'streamAgent', api: Api): Dockerode {
  const docker = makeDockerode(
    transport.kind === 'socket'
      ? { socketPath: transport.socketPath }
      : // The host's name is only the Host header: the agent knows where to go.
        { host: 'docker', port: 80, protocol: 'http', agent: transport[which] },
  )
  const dial = whole(docker.modem.dial.bind(docker.modem))
  docker.modem.dial = (options, callback = () => undefined) => {
    negotiate(dial, api, options, callback)
  }
  return docker
}

/**
 * docker-modem mixes DOCKER_HOST, DOCKER_CERT_PATH and their like into what it is given, so that a
 * socket's calls would go to that host instead, and a missing certificate would be thrown from here.
 */
function makeDockerode(options: Dockerode.DockerOptions & { agent?: Agent }): Dockerode {
  const named = process.env['DOCKER_HOST']
  delete process.env['DOCKER_HOST']
  try {
    return new Dockerode(options)
  } finally {
    if (named !== undefined) process.env['DOCKER_HOST'] = named
  }
}

/**
 * Reads answers itself: docker-modem never calls back when a connection breaks within one, and takes
 * whatever looks like JSON for JSON.
 */
function whole(dial: Dial): Dial {
  return (options, callback = () => undefined) => {
    if (options.isStream === true || options.hijack === true || options.openStdin === true) {
      dial(options, callback)
      return
    }
    dial({ ...options, isStream: true }, (error, answer) => {
      if (error !== null || !(answer instanceof IncomingMessage)) {
        callback(error ?? new Error('docker-modem gave no answer'), null)
        return
      }
      readWhole(answer).then(
        (value) => callback(null, value),
        (thrown: Error) => callback(thrown, null),
      )
    })
  }
}

async function readWhole(answer: IncomingMessage): Promise<Buffer | object> {
  const pieces: Buffer[] = []
  let length = 0
  for await (const piece of bytesOf(answer)) {
    length += piece.length
    if (length > longestAnswer) throw new Error('the answer is too long')
    pieces.push(piece)
  }
  const body = Buffer.concat(pieces)
  if (answer.headers['content-type']?.startsWith('application/json') !== true) return body
  const value: unknown = JSON.parse(body.toString('utf8'))
  return typeof value === 'object' && value !== null ? value : body
}

/** Asks the engine for its version before the first call, and again when it refuses ours. */
function negotiate(dial: Dial, api: Api, options: DialOptions, callback: Callback): void {
  const learn: Callback = (error, answer) => {
    if (error !== null) {
      callback(error, null)
      return
    }
    try {
      api.version = agreeOn(versionSchema.parse(answer))
    } catch (thrown) {
      callback(thrown instanceof Error ? thrown : new Error(String(thrown)), null)
      return
    }
    if (options.path === '/version') callback(null, answer)
    else speak(callback)
  }
  const ask = (): void => {
    const { abortSignal } = options
    const question = { path: '/version', method: 'GET', statusCodes: { 200: true } }
    dial({ ...question, ...(abortSignal && { abortSignal }) }, learn)
  }
  const speak = (done: Callback): void => {
    dial({ ...options, path: `/v${api.version ?? ''}${options.path}` }, done)
  }
  if (options.path === '/version' || api.version === null) {
    ask()
    return
  }
  speak((error, answer) => {
    const replaced = error !== null && /client version .* is too (?:new|old)/i.test(error.message)
    if (replaced) ask()
    else callback(error, answer)
  })
}

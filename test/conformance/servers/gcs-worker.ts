import { createHash, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parentPort } from 'node:worker_threads'

// The JSON API of Google Cloud Storage as far as it is used: objects, lists in pages, ranges,
// generations, preconditions, and resumable uploads with their 308. No emulator of it is on npm.
interface Stored {
  content: Buffer
  generation: string
  updated: string
  metadata: Record<string, string>
}
interface Session {
  name: string
  metadata: Record<string, string>
  exclusive: boolean
  parts: Buffer[]
  held: number
  made: Stored | undefined
}
const objects = new Map<string, Stored>()
const sessions = new Map<string, Session>()
let generations = 1000

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}
function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
function refuse(response: ServerResponse, status: number, reason: string, message = reason): void {
  json(response, status, { error: { code: status, message, errors: [{ reason, message }] } })
}
function resource(name: string, { content, generation, updated, metadata }: Stored) {
  const md5Hash = createHash('md5').update(content).digest('base64')
  return { name, size: String(content.length), generation, updated, metadata, md5Hash }
}

function begin(url: URL, body: Buffer, host: string, response: ServerResponse): void {
  const name = url.searchParams.get('name') ?? ''
  const exclusive = url.searchParams.get('ifGenerationMatch') === '0'
  if (exclusive && objects.has(name)) return refuse(response, 412, 'conditionNotMet')
  const { metadata = {} } = JSON.parse(body.toString()) as { metadata?: Record<string, string> }
  const id = randomUUID()
  sessions.set(id, { name, metadata, exclusive, parts: [], held: 0, made: undefined })
  response.writeHead(200, { location: `http://${host}/upload/session?upload_id=${id}` }).end()
}

function take(
  session: Session,
  request: IncomingMessage,
  body: Buffer,
  response: ServerResponse,
): void {
  if (session.made !== undefined) return json(response, 200, resource(session.name, session.made))
  const range = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(request.headers['content-range'] ?? '')
  if (range === null) return refuse(response, 400, 'badRequest')
  const [, from, to, total = '*'] = range
  if (from !== undefined) {
    const start = Number(from)
    if (start > session.held || Number(to) - start + 1 !== body.length)
      return refuse(response, 400, 'badRequest')
    // What it has already is not taken twice.
    const fresh = body.subarray(session.held - start)
    session.parts.push(fresh)
    session.held += fresh.length
  }
  if (total === '*' || Number(total) !== session.held) {
    const range = session.held === 0 ? {} : { range: `bytes=0-${session.held - 1}` }
    response.writeHead(308, range).end()
    return
  }
  if (session.exclusive && objects.has(session.name))
    return refuse(response, 412, 'conditionNotMet')
  generations += 1
  session.made = {
    content: Buffer.concat(session.parts),
    generation: String(generations),
    updated: new Date().toISOString(),
    metadata: session.metadata,
  }
  session.parts = []
  objects.set(session.name, session.made)
  json(response, 200, resource(session.name, session.made))
}

function list(url: URL, response: ServerResponse): void {
  const prefix = url.searchParams.get('prefix') ?? ''
  const most = Number(url.searchParams.get('maxResults') ?? 1000)
  const after = url.searchParams.get('pageToken') ?? ''
  const names = [...objects.keys()].filter((name) => name.startsWith(prefix) && name > after).sort()
  const page = names.slice(0, most)
  const items = page.flatMap((name) => {
    const object = objects.get(name)
    return object === undefined ? [] : [resource(name, object)]
  })
  const last = page.at(-1)
  json(response, 200, {
    ...(items.length > 0 && { items }),
    ...(names.length > most && last !== undefined && { nextPageToken: last }),
  })
}

function read(object: Stored, request: IncomingMessage, response: ServerResponse): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
  if (from > 0 && from >= object.content.length) return refuse(response, 416, 'range')
  const content = object.content.subarray(from)
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length }).end(content)
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const host = request.headers.host ?? ''
  const url = new URL(request.url ?? '/', `http://${host}`)
  if (url.pathname === '/-/everything') return json(response, 200, [...objects.keys()])
  const body = await bodyOf(request)
  if (url.pathname === '/upload/session') {
    const id = url.searchParams.get('upload_id') ?? ''
    const session = sessions.get(id)
    if (session === undefined) return refuse(response, 410, 'gone')
    if (request.method === 'PUT') return take(session, request, body, response)
    sessions.delete(id)
    response.writeHead(499).end()
    return
  }
  const [, upload, bucket, name] =
    /^(\/upload)?\/storage\/v1\/b\/([^/]+)\/o(?:\/([^/]+))?$/.exec(url.pathname) ?? []
  if (bucket !== 'backups')
    return refuse(response, 404, 'notFound', 'The specified bucket does not exist.')
  if (upload !== undefined) return begin(url, body, host, response)
  if (name === undefined) return list(url, response)
  const key = decodeURIComponent(name)
  const object = objects.get(key)
  const generation = url.searchParams.get('generation')
  if (object === undefined || (generation !== null && generation !== object.generation))
    return refuse(response, 404, 'notFound', 'No such object.')
  if (request.method === 'DELETE') {
    objects.delete(key)
    response.writeHead(204).end()
    return
  }
  if (url.searchParams.get('alt') === 'media') return read(object, request, response)
  json(response, 200, resource(key, object))
}

const server = createServer((request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo
  parentPort?.postMessage(`http://127.0.0.1:${port}`)
})

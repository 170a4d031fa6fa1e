import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { parentPort } from 'node:worker_threads'
import { buildApp } from 'fauxqs'

// fauxqs speaks S3, and lets a few things pass that S3 refuses: a wrong key, a wrong Content-MD5, a put
// of a name that is taken. It also can't list uploads and their parts, and takes no parts as large as they
// are by themselves. That is added here, in front of it.
interface Request {
  url: string
  method: string
  headers: IncomingHttpHeaders
  body: unknown
}
interface Reply {
  statusCode: number
  code(status: number): Reply
  type(mime: string): Reply
  send(content: string): Reply
}
/** What of it is used here: its own types can't be resolved. */
interface App {
  addHook(
    at: 'onRequest' | 'preHandler' | 'onSend',
    work: (request: Request, reply: Reply, payload: unknown) => Promise<unknown>,
  ): void
  get(path: string, answer: () => Promise<unknown>): void
  removeContentTypeParser(type: string): void
  addContentTypeParser(
    type: string,
    options: { parseAs: 'buffer'; bodyLimit: number },
    parse: (request: unknown, body: Buffer) => Promise<Buffer>,
  ): void
  inject(request: {
    method?: string
    url: string
    headers: Record<string, string>
  }): Promise<{ body: string }>
  listen(at: { port: number; host: string }): Promise<string>
}

const app = buildApp({ logger: false }) as App
app.removeContentTypeParser('*')
app.addContentTypeParser(
  '*',
  { parseAs: 'buffer', bodyLimit: 64 * 1024 * 1024 },
  async (_request, body) => body,
)
const taken = new Set<string>()
const uploads = new Map<string, { key: string; initiated: string; parts: string[] }>()
const keyOf = (url: string): string => url.split('?')[0] ?? ''
const xml = (code: string): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`

app.addHook('onRequest', async (request: Request, reply: Reply) => {
  if (request.url.startsWith('/-/')) return undefined
  if (request.headers.authorization?.includes('Credential=AKIATEST/') !== true)
    return reply.code(403).type('application/xml').send(xml('InvalidAccessKeyId'))
  return undefined
})
app.addHook('preHandler', async (request: Request, reply: Reply) => {
  const refuse = (status: number, code: string) =>
    reply.code(status).type('application/xml').send(xml(code))
  const key = keyOf(request.url)
  const { method, body, headers } = request
  if (method === 'GET' && /[?&]uploads(?:=|&|$)/.test(request.url)) {
    const found = [...uploads].map(
      ([id, upload]) =>
        `<Upload><Key>${upload.key}</Key><UploadId>${id}</UploadId><Initiated>${upload.initiated}</Initiated></Upload>`,
    )
    return reply
      .type('application/xml')
      .send(
        `<?xml version="1.0"?><ListMultipartUploadsResult>${found.join('')}</ListMultipartUploadsResult>`,
      )
  }
  const listed = method === 'GET' ? uploads.get(uploadIdIn(request.url) ?? '') : undefined
  if (listed !== undefined) {
    const parts = listed.parts.map((at) => `<Part><LastModified>${at}</LastModified></Part>`)
    return reply
      .type('application/xml')
      .send(`<?xml version="1.0"?><ListPartsResult>${parts.join('')}</ListPartsResult>`)
  }
  const wanted = headers['content-md5']
  if (wanted !== undefined && Buffer.isBuffer(body)) {
    if (createHash('md5').update(body).digest('base64') !== wanted) return refuse(400, 'BadDigest')
  }
  const stores =
    method === 'PUT' ? !request.url.includes('partNumber=') : isCompletion(method, request.url)
  if (!stores) return undefined
  if (headers['if-none-match'] === '*' && taken.has(key)) return refuse(412, 'PreconditionFailed')
  taken.add(key)
  return undefined
})
app.addHook('onSend', async (request: Request, reply: Reply, payload: unknown) => {
  const { method, url } = request
  const done = reply.statusCode < 300
  if (method === 'POST' && /[?&]uploads(?:=|&|$)/.test(url) && done) {
    const id = /<UploadId>([^<]+)/.exec(String(payload))?.[1]
    const key = decodeURIComponent(keyOf(url).split('/').slice(2).join('/'))
    if (id !== undefined) uploads.set(id, { key, initiated: new Date().toISOString(), parts: [] })
  }
  const id = uploadIdIn(url)
  if (id !== undefined && done && method === 'PUT')
    uploads.get(id)?.parts.push(new Date().toISOString())
  if (id !== undefined && done && (method === 'DELETE' || method === 'POST')) uploads.delete(id)
  if (method === 'DELETE' && id === undefined) taken.delete(keyOf(url))
  return payload
})
app.get('/-/everything', async () => {
  const { body } = await app.inject({
    url: '/backups?list-type=2',
    headers: { authorization: 'Credential=AKIATEST/' },
  })
  const keys = [...body.matchAll(/<Key>([^<]+)/g)].map((match) => match[1])
  return [...keys, ...[...uploads.values()].map(({ key }) => `upload of ${key}`)]
})

function uploadIdIn(url: string): string | undefined {
  return /[?&]uploadId=([^&]+)/.exec(url)?.[1]
}

function isCompletion(method: string, url: string): boolean {
  return method === 'POST' && url.includes('uploadId=')
}

const address = await app.listen({ port: 0, host: '127.0.0.1' })
await app.inject({
  method: 'PUT',
  url: '/backups',
  headers: { authorization: 'Credential=AKIATEST/' },
})
parentPort?.postMessage(address)

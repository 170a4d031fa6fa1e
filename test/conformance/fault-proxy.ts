import { once } from 'node:events'
import { createServer, request as open, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What goes wrong with a request that matches. */
export type Fault =
  | { kind: 'refuse' }
  | { kind: 'stall' }
  /** A byte a second of what is asked for or, with an upload, of what is taken. */
  | { kind: 'crawl' }
  /** The answer breaks off after so many bytes of its content. */
  | { kind: 'cut'; after: number }
  /** Less content than there is, in an answer that looks whole. */
  | { kind: 'shorten'; to: number }
  /** Passes the request on and loses the answer. */
  | { kind: 'lose' }
  /** Says 200 to an upload and stores less of it, or as much with a byte that is another. */
  | { kind: 'store-less' }
  | { kind: 'store-other' }
  | { kind: 'answer'; status: number; headers?: Record<string, string>; body: string }

export interface Rule {
  method: string
  /** In the path and query. */
  url?: RegExp
  /** A header that the request has to have, by its name in lower case. */
  header?: readonly [name: string, value: string]
  fault: Fault
  /** How often it applies; for ever where left out. */
  times?: number
  /** The rules from then on. */
  next?: Rule[]
}

/** A proxy in front of a server of HTTP, which does what the rules say. */
export async function startFaultProxy(target: string) {
  const { hostname, port } = new URL(target)
  let rules: Rule[] = []
  const ruleOf = (request: IncomingMessage): Rule | undefined => {
    const rule = rules.find(
      ({ method, url, header, times }) =>
        method === request.method &&
        times !== 0 &&
        (url?.test(request.url ?? '') ?? true) &&
        (header === undefined || request.headers[header[0]] === header[1]),
    )
    if (rule?.times !== undefined) rule.times -= 1
    if (rule?.next !== undefined) rules = rule.next
    return rule
  }
  const pass = async (
    request: IncomingMessage,
    body: Buffer,
  ): Promise<{ answer: IncomingMessage; content: Buffer }> => {
    const headers = { ...request.headers, 'content-length': String(body.length) }
    const onward = open({ hostname, port, method: request.method, path: request.url, headers })
    onward.end(body)
    const [answer] = (await once(onward, 'response')) as [IncomingMessage]
    return { answer, content: await contentOf(answer) }
  }
  const reply = (
    response: ServerResponse,
    { statusCode = 500, headers }: IncomingMessage,
    content: Buffer,
    length = content.length,
  ): void => {
    const { 'transfer-encoding': _, ...rest } = headers
    const isHead = response.req.method === 'HEAD'
    response.writeHead(statusCode, isHead ? rest : { ...rest, 'content-length': String(length) })
    response.write(content.length === 0 ? '' : content)
  }
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = ruleOf(request)?.fault
    if (fault?.kind === 'refuse') return void request.socket.resetAndDestroy()
    if (fault?.kind === 'stall') return
    if (fault?.kind === 'crawl' && request.method !== 'GET') {
      request.pause()
      const taking = setInterval(() => void request.read(1), 1_000)
      request.once('close', () => clearInterval(taking))
      return
    }
    const body = await contentOf(request)
    if (fault?.kind === 'answer') {
      response.writeHead(fault.status, fault.headers).end(fault.body)
      return
    }
    const sent = storedBy(fault, body)
    const { answer, content } = await pass(request, sent)
    switch (fault?.kind) {
      case 'lose':
        return void request.socket.resetAndDestroy()
      case 'cut':
        reply(response, answer, content.subarray(0, fault.after), content.length)
        return void setTimeout(() => response.destroy(), 30)
      case 'crawl': {
        reply(response, answer, content.subarray(0, 1), content.length)
        let given = 1
        const giving = setInterval(() => {
          response.write(content.subarray(given, (given += 1)))
        }, 1_000)
        return void response.once('close', () => clearInterval(giving))
      }
      case 'shorten':
        reply(response, answer, content.subarray(0, fault.to))
        break
      default:
        reply(response, answer, content)
    }
    response.end()
  }
  const server = createServer((request, response) => {
    serve(request, response).catch(() => response.destroy())
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next: Rule[]) => {
      rules = next
    },
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function storedBy(fault: Fault | undefined, body: Buffer): Buffer {
  if (fault?.kind === 'store-less') return body.subarray(0, body.length >> 1)
  if (fault?.kind !== 'store-other') return body
  const other = Buffer.from(body)
  other.writeUInt8(other.readUInt8(body.length >> 1) ^ 1, body.length >> 1)
  return other
}

async function contentOf(message: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}

import { createServer, type RequestListener } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** What an engine answers to /version. */
export const version20 = { Version: '20.10.24', ApiVersion: '1.41', Os: 'linux', Arch: 'amd64' }

/**
 * A stand-in for an engine, on a socket of its own: for what a real one does not do on request, such
 * as breaking off within an answer or being of another version.
 */
export async function startTestEngine(answer: RequestListener): Promise<{
  socketPath: string
  /** Paths that were asked for, with their queries. */
  asked: string[]
  stop(): Promise<void>
  start(): Promise<void>
}> {
  const folder = mkdtempSync(join(tmpdir(), 'quayside-engine-'))
  const socketPath = join(folder, 'docker.sock')
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`)
    answer(request, response)
  })
  const start = () => new Promise<void>((resolve) => server.listen(socketPath, resolve))
  const stop = async () => {
    if (!server.listening) return
    const closed = new Promise((resolve) => server.close(resolve))
    server.closeAllConnections()
    await closed
  }
  await start()
  onTestFinished(async () => {
    await stop()
    rmSync(folder, { recursive: true })
  })
  return { socketPath, asked, start, stop }
}

/** An engine that answers each path (without the version before it) with a JSON value. */
export function jsonEngine(answers: Readonly<Record<string, () => unknown>>): RequestListener {
  return (request, response) => {
    const path = (request.url ?? '').replace(/^\/v[\d.]+(?=\/)/, '').replace(/\?.*/, '')
    const answer = answers[path]
    response.setHeader('content-type', 'application/json')
    if (answer === undefined) {
      response.statusCode = 404
      response.end(JSON.stringify({ message: `no such path: ${path}` }))
      return
    }
    const value = answer()
    response.statusCode = value instanceof Refusal ? value.status : 200
    response.end(JSON.stringify(value instanceof Refusal ? { message: value.words } : value))
  }
}

/** A refusal as an answer of `jsonEngine`. */
export class Refusal {
  readonly status: number
  readonly words: string

  constructor(status: number, words: string) {
    this.status = status
    this.words = words
  }
}

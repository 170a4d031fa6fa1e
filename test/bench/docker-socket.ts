import { Agent, request } from 'node:http'

/** The engine's own socket, asked by the least that a client can do. */
export interface DockerSocket {
  /** The answer's JSON. */
  get(path: string): Promise<unknown>
  post(path: string): Promise<void>
  close(): void
}

/** One kept connection, the answer read to its end. */
export function openDockerSocket(socketPath: string): DockerSocket {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  const ask = (method: string, path: string) =>
    new Promise<string>((resolve, reject) => {
      request({ agent, socketPath, method, path, host: 'docker' }, (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
        answer.on('error', reject)
        answer.on('end', () => {
          const status = answer.statusCode ?? 0
          if (status >= 200 && status < 400) resolve(text)
          else reject(new Error(`Docker answered ${status}. ${text}`))
        })
      })
        .on('error', reject)
        .end()
    })
  return {
    get: async (path) => JSON.parse(await ask('GET', path)) as unknown,
    post: async (path) => void (await ask('POST', path)),
    close: () => agent.destroy(),
  }
}

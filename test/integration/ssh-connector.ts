import { request } from 'node:http'
import type { Agent } from 'node:http'
import { rmSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { createHostConnector } from '../../electron/adapters/ssh/index.ts'
import type {
  Clock,
  Docker,
  Host,
  HostConnector,
  HostRecord,
  LoginSecret,
} from '../../electron/domain/ports.ts'
import { hostIdSchema } from '../../shared/contract/hosts.ts'
import type { HostCheck, HostConnection, HostStatus } from '../../shared/contract/hosts.ts'
import { makeHome, startProxy, startSshServer } from './ssh-server.ts'
import type { Proxy, SshServer } from './ssh-server.ts'
import { silentLog } from '../../electron/domain/silent-log.ts'

// The SSH adapter by itself: Docker is asked by plain HTTP over the agents it gives.

export const clock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error)
      const timer = setTimeout(resolve, ms)
      signal?.addEventListener('abort', () => {
        clearTimeout(timer)
        reject(signal.reason as Error)
      })
    }),
}

export interface Subject {
  connector: HostConnector
  home: string
  /** Connects to a host; its agents come beside it. */
  open(connection: HostConnection): { host: Host; agent: Agent; streamAgent: Agent }
}

/** An adapter with a home of its own, gone after the test. */
export function makeConnector(
  given: { env?: Record<string, string>; home?: string; sharing?: boolean } & LoginSecret = {},
): Subject {
  const home = given.home ?? makeHome()
  onTestFinished(() => rmSync(home, { recursive: true, force: true }))
  let transport: { agent: Agent; streamAgent: Agent } | undefined
  const nowhere = () => {
    throw new Error('This computer’s Docker is not asked here.')
  }
  const connector = createHostConnector({
    home,
    homeDir: home,
    env: given.env ?? {},
    clock,
    sharing: given.sharing,
    loginSecret: () => Promise.resolve({ secret: given.secret, unread: given.unread }),
    log: silentLog,
    // The connector only passes it on; these tests look at the agents under it.
    dockerOver: (over) => {
      transport = over
      return {} as unknown as Docker
    },
    local: { open: nowhere, check: nowhere, find: () => Promise.resolve(null) },
  })
  return {
    connector,
    home,
    open(connection) {
      const host = connector.open(record(connection))
      onTestFinished(() => host.close())
      if (!transport) throw new Error('No agents were made.')
      return { host, ...transport }
    },
  }
}

function record(connection: HostConnection): HostRecord {
  const id = hostIdSchema.parse('6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c11')
  return { id, name: 'test-1', connection, baseDomain: null, dataDirectory: null, createdAt: 0 }
}

export function byKey(port: number, path: string, user = 'root'): HostConnection {
  return { kind: 'ssh', address: '127.0.0.1', port, user, login: { kind: 'key', path } }
}

/** Pins the key of a server as a user does: look, then accept what is shown. */
export async function trust(
  connector: HostConnector,
  connection: HostConnection,
): Promise<HostCheck> {
  const first = await connector.check({ checkId: 'first', connection })
  if (!first.unknownKey) return first
  await connector.trustHostKey(connection, first.unknownKey, false)
  return first
}

export async function startServer(
  dockerSocket: string,
  more: Omit<Parameters<typeof startSshServer>[0], 'dockerSocket'> = {},
): Promise<SshServer> {
  const server = await startSshServer({ dockerSocket, ...more })
  onTestFinished(() => server.stop())
  return server
}

export async function startTestProxy(port: number): Promise<Proxy> {
  const proxy = await startProxy(port)
  onTestFinished(() => proxy.stop())
  return proxy
}

/** A whole answer of Docker. */
export function get(agent: Agent, path: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ agent, host: 'docker', path, ...(signal && { signal }) }, (answer) => {
      let text = ''
      answer.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      answer.on('end', () => resolve(text))
      answer.on('error', reject)
    })
    call.on('error', reject)
    call.end()
  })
}

export function statusWhere(
  host: Host,
  wanted: (status: HostStatus) => boolean,
  withinMs = 20_000,
): Promise<HostStatus> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => {
      stop()
      reject(new Error(`The host stayed ${JSON.stringify(host.status)}`))
    }, withinMs)
    const look = (status: HostStatus) => {
      if (!wanted(status)) return
      clearTimeout(late)
      stop()
      resolve(status)
    }
    const stop = host.onStatus(look)
    look(host.status)
  })
}

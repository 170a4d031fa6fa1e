import { execFile } from 'node:child_process'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import { fromErrorData, isAbort, QuaysideError, toErrorData } from '../../../shared/errors.ts'
import type {
  Clock,
  Docker,
  ExecOptions,
  ExecResult,
  Host,
  HostRecord,
} from '../../domain/ports.ts'
import { createDocker } from './docker.ts'

/** Between two looks at Docker while it answers, milliseconds. */
const beatMs = 15_000
/** Between two tries while it does not; a socket costs nothing to try. */
const retryMs = 2_000

/** This computer as a host: Docker's own socket, no SSH. */
export function createLocalHost({ record, clock }: { record: HostRecord; clock: Clock }): Host {
  if (record.connection.kind !== 'local') throw new Error('a local host has a local connection')
  const docker = createDocker({
    transport: { kind: 'socket', socketPath: record.connection.socketPath },
  })
  const listeners = new Set<(status: HostStatus) => void>()
  const life = new AbortController()
  let wake = new AbortController()
  let status: HostStatus = {
    state: 'connecting',
    since: clock.now(),
    lastSeen: null,
    nextTry: null,
    latencyMs: null,
    transport: 'socket',
    dockerVersion: null,
    os: null,
    limits: [],
    error: null,
  }

  const set = (change: Partial<HostStatus>): void => {
    const since = change.state !== undefined && change.state !== status.state
    status = { ...status, ...change, ...(since && { since: clock.now() }) }
    for (const listener of listeners) listener(status)
  }

  const look = async (): Promise<number> => {
    const begun = performance.now()
    try {
      const { version } = await docker.version({ signal: life.signal })
      const latencyMs = Math.round(performance.now() - begun)
      const os = status.os ?? (await docker.info({ signal: life.signal })).operatingSystem
      const seen = { lastSeen: clock.now(), latencyMs, dockerVersion: version, os }
      set({ state: 'ready', nextTry: null, error: null, ...seen })
      return beatMs
    } catch (thrown) {
      if (life.signal.aborted) return 0
      const error = toErrorData(thrown)
      const refused = error.code === 'docker_denied' || error.code === 'docker_too_old'
      const nextTry = clock.now() + retryMs
      set({ state: refused ? 'refused' : 'lost', error, latencyMs: null, nextTry })
      return retryMs
    }
  }

  const live = async (): Promise<void> => {
    while (!life.signal.aborted) {
      const pause = await look()
      wake = new AbortController()
      try {
        await clock.sleep(pause, AbortSignal.any([life.signal, wake.signal]))
      } catch (thrown) {
        if (!isAbort(thrown) && !wake.signal.aborted) throw thrown
      }
    }
  }
  void live()

  return {
    get status() {
      return status
    },
    onStatus: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    docker: () => docker,
    forward: (port, signal) => openPort(port, signal),
    exec: run,
    ready: (signal) =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void): void => {
          listeners.delete(judge)
          signal?.removeEventListener('abort', aborted)
          settle()
        }
        const judge = (): void => {
          if (status.state === 'ready') finish(resolve)
          else if (status.state === 'refused' && status.error !== null) {
            const { error } = status
            finish(() => reject(fromErrorData(error)))
          }
        }
        const aborted = (): void => finish(() => reject(reasonOf(signal)))
        listeners.add(judge)
        signal?.addEventListener('abort', aborted)
        if (signal?.aborted === true) aborted()
        else judge()
      }),
    reconnect: () => wake.abort(),
    close: () => {
      life.abort()
      listeners.clear()
      return Promise.resolve()
    },
  }
}

/** A stream to a port of this computer's loopback. */
function openPort(port: number, signal?: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true, ...(signal && { signal }) })
    socket.once('error', (cause) => {
      if (signal?.aborted === true) reject(reasonOf(signal))
      else reject(notReady(port, cause))
    })
    socket.once('connect', () => resolve(socket))
  })
}

function notReady(port: number, cause: Error): QuaysideError {
  return new QuaysideError('engine_not_ready', `Nothing answers on port ${port}.`, {
    hint: 'The database may be starting, or stopped.',
    cause,
  })
}

function run(argv: readonly string[], { signal, stdin }: ExecOptions = {}): Promise<ExecResult> {
  const [program = '', ...args] = argv
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { maxBuffer: 16 * 2 ** 20, ...(signal && { signal }) },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : error.code
        if (typeof code === 'number') resolve({ code, stdout, stderr })
        else if (signal?.aborted === true || isAbort(error)) reject(reasonOf(signal))
        // As a shell says it: the program was not found, or can't be run.
        else resolve({ code: 127, stdout, stderr: error?.message ?? '' })
      },
    )
    if (stdin !== undefined) child.stdin?.end(stdin)
  })
}

function reasonOf(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason
  return reason instanceof Error ? reason : new Error('aborted')
}

/** Docker on this computer, without the host's life around it. */
export function localDocker(socketPath: string): Docker {
  return createDocker({ transport: { kind: 'socket', socketPath } })
}

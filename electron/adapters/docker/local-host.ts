import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HostStatus } from '../../../shared/contract/hosts.ts'
import { fromErrorData, QuaysideError, toErrorData } from '../../../shared/errors.ts'
import { connectingStatus } from '../../../shared/host-status.ts'
import type { Clock, Docker, Host, HostRecord } from '../../domain/ports.ts'
import { reasonOf } from './call.ts'
import { createDocker } from './docker.ts'
import { runProgram, streamProgram } from './run-program.ts'

/** Between two looks at Docker while it answers, milliseconds. */
const beatMs = 15_000
/** The same while it does not: growing to this. A socket costs little to try. */
const shortestRetryMs = 1_000
const longestRetryMs = 10_000
/** A Docker that takes longer than this for its version does not answer, milliseconds. */
const lookMs = 10_000

export interface LocalHostDeps {
  record: HostRecord
  clock: Clock
  /** Docker behind the record's socket, where the caller has it already. */
  docker?: Docker
}

/** This computer as a host: Docker's own socket, no SSH. */
export function createLocalHost({ record, clock, docker = dockerOf(record) }: LocalHostDeps): Host {
  const listeners = new Set<(status: HostStatus) => void>()
  const life = new AbortController()
  let wake = new AbortController()
  let status: HostStatus = { ...connectingStatus(clock.now()), transport: 'socket' }

  const set = (change: Partial<HostStatus>): void => {
    const since = change.state === status.state ? status.since : clock.now()
    status = { ...status, ...change, since }
    for (const listener of [...listeners]) listener(status)
  }

  /** Looks at Docker once; gives the time to the next look. */
  const look = async (failures: number): Promise<number> => {
    const signal = AbortSignal.any([life.signal, AbortSignal.timeout(lookMs)])
    const begun = performance.now()
    try {
      const { version: dockerVersion } = await docker.version({ signal })
      const latencyMs = Math.round((performance.now() - begun) * 10) / 10
      const os = status.os ?? (await docker.info({ signal })).operatingSystem
      const seen = { lastSeen: clock.now(), latencyMs, dockerVersion, os }
      set({ state: 'ready', nextTry: null, error: null, ...seen })
      return beatMs
    } catch (thrown) {
      if (isOver()) return 0
      const error = toErrorData(late(thrown))
      if (error.code === 'docker_denied' || error.code === 'docker_too_old') {
        set({ state: 'refused', error, latencyMs: null, nextTry: null })
        return beatMs
      }
      const pause = Math.min(longestRetryMs, shortestRetryMs * 2 ** failures)
      set({ state: 'lost', error, latencyMs: null, nextTry: clock.now() + pause })
      return pause
    }
  }

  /** A function, as the compiler would think that nothing changes while one waits. */
  const isOver = (): boolean => life.signal.aborted

  const live = async (): Promise<void> => {
    for (let failures = 0; !isOver();) {
      const pause = await look(failures)
      failures = status.state === 'ready' ? 0 : failures + 1
      wake = new AbortController()
      const woken = AbortSignal.any([life.signal, wake.signal])
      await clock.sleep(pause, woken).catch((reason: unknown) => {
        if (!woken.aborted) throw reason
      })
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
    forward: (port, signal) => openPort({ host: '127.0.0.1', port }, signal),
    reach: openPort,
    exec: runProgram,
    stream: streamProgram,
    bulk: async (signal) => {
      signal?.throwIfAborted()
      const closed = new AbortController()
      return {
        docker: () => docker,
        lost: AbortSignal.any([life.signal, closed.signal]),
        close: async () =>
          closed.abort(new QuaysideError('host_lost', `${record.name} was closed.`)),
      }
    },
    ready: (signal) =>
      new Promise((resolve, reject) => {
        const either = signal ? AbortSignal.any([signal, life.signal]) : life.signal
        const finish = (settle: () => void): void => {
          listeners.delete(judge)
          either.removeEventListener('abort', aborted)
          settle()
        }
        const judge = (): void => {
          const { state, error } = status
          if (state === 'ready') finish(resolve)
          else if (state === 'refused' && error !== null) finish(() => reject(fromErrorData(error)))
        }
        const aborted = (): void => finish(() => reject(reasonOf(either)))
        listeners.add(judge)
        either.addEventListener('abort', aborted)
        if (either.aborted) aborted()
        else judge()
      }),
    reconnect: () => wake.abort(),
    // It is tried every ten seconds at least.
    hasten: () => undefined,
    close: async () => {
      life.abort(new QuaysideError('host_lost', `${record.name} was closed.`))
      listeners.clear()
    },
  }
}

function dockerOf({ connection }: HostRecord): Docker {
  if (connection.kind !== 'local') throw new Error('a local host has a local connection')
  return localDocker(connection.socketPath)
}

/** Docker on this computer, without the host's life around it. */
export function localDocker(socketPath: string): Docker {
  return createDocker({ transport: { kind: 'socket', socketPath } })
}

function late(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown.name !== 'TimeoutError') return thrown
  return new QuaysideError('docker_down', 'Docker does not answer.', {
    hint: 'Its socket is there, but nothing comes back. Restart Docker.',
    detail: `no answer within ${lookMs / 1000} s`,
  })
}

/** A stream to a port; the signal is for the way there alone. */
function openPort(to: { host: string; port: number }, signal?: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(reasonOf(signal))
      return
    }
    const socket = connect({ ...to, noDelay: true })
    const aborted = (): void => void socket.destroy(reasonOf(signal))
    const failed = (cause: Error): void => {
      signal?.removeEventListener('abort', aborted)
      reject(signal?.aborted === true ? cause : notReady(to, cause))
    }
    signal?.addEventListener('abort', aborted, { once: true })
    socket.once('error', failed)
    socket.once('connect', () => {
      signal?.removeEventListener('abort', aborted)
      socket.off('error', failed)
      // It may break before whoever asked for it listens: that must not end the app.
      socket.on('error', () => undefined)
      resolve(socket)
    })
  })
}

function notReady({ host, port }: { host: string; port: number }, cause: Error): QuaysideError {
  const where = host === '127.0.0.1' ? `port ${port}` : `${host}:${port}`
  return new QuaysideError('engine_not_ready', `Nothing answers on ${where}.`, {
    hint: 'The database may be starting, or stopped.',
    cause,
  })
}

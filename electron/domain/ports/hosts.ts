import type { Duplex } from 'node:stream'
import type {
  HostCheck,
  HostConnection,
  HostKey,
  HostStatus,
} from '../../../shared/contract/hosts.ts'
import type { HostId } from '../../../shared/contract/hosts.ts'
import type { QuaysideError } from '../../../shared/errors.ts'
import type { Docker } from './docker.ts'

/** A host as kept in the store. */
export interface HostRecord {
  id: HostId
  name: string
  connection: HostConnection
  baseDomain: string | null
  /** Where new databases keep their data on the host, an absolute path; null for Docker's volumes. */
  dataDirectory: string | null
  createdAt: number
}

/**
 * One machine with Docker, over one lasting connection that has a life of its own. Made without
 * waiting; it connects by itself and reconnects after a loss. Calls wait for the connection while it
 * is being made, and fail fast with the status's error while it is lost or refused.
 */
export interface Host {
  readonly status: HostStatus
  /** Calls back at every change of status; returns the way to stop. */
  onStatus(listener: (status: HostStatus) => void): () => void
  /** Docker on this host. The same object for the host's whole life. */
  docker(): Docker
  /**
   * A stream to a TCP port on the host's own loopback.
   * @throws QuaysideError `forwarding_denied`, `host_lost`; a refused port gives `engine_not_ready`.
   */
  forward(port: number, signal?: AbortSignal): Promise<Duplex>
  /**
   * A stream to a TCP port of any machine, on the way that this host goes there.
   * @throws QuaysideError `forwarding_denied`, `host_lost`; what can't be reached gives `engine_not_ready`.
   */
  reach(to: { host: string; port: number }, signal?: AbortSignal): Promise<Duplex>
  /**
   * Runs a program on the host. Words are quoted by one tested function.
   * @throws QuaysideError `host_lost` when no exit code came back.
   */
  exec(argv: readonly string[], options?: ExecOptions): Promise<ExecResult>
  /**
   * Starts a program on the host and gives its input and output as one stream. The program has to
   * end with its input: nothing else ends it. What it says on its error output is dropped.
   * @throws QuaysideError `host_lost`
   */
  stream(argv: readonly string[], signal?: AbortSignal): Promise<Duplex>
  /**
   * A connection of its own for much data, so that calls on this one stay quick and one transfer that
   * stalls holds up no other. Each caller gets another one, and closes it.
   * @throws QuaysideError what the way there throws
   */
  bulk(signal?: AbortSignal): Promise<Bulk>
  /** Resolves when Docker can be called; rejects with the reason when that needs the user, or on abort. */
  ready(signal?: AbortSignal): Promise<void>
  /** Probes at once; reconnects if that fails. */
  reconnect(): void
  /**
   * Someone waits for a host that is lost: brings its next try forward, but not closer than ten
   * seconds to the last one. It stays lost meanwhile, so calls go on failing fast.
   */
  hasten(): void
  close(): Promise<void>
}

/** A connection to a host for much data. It is lost once and for all; it never reconnects. */
export interface Bulk {
  docker(): Docker
  /** Aborts with `host_lost` when the connection breaks, and when it is closed. */
  readonly lost: AbortSignal
  close(): Promise<void>
}

export interface ExecOptions {
  signal?: AbortSignal | undefined
  /** Written to the program's standard input, which is then closed. */
  stdin?: string | undefined
}

export interface ExecResult {
  code: number
  stdout: string
  stderr: string
}

/** Makes hosts and walks the way to one. */
export interface HostConnector {
  open(record: HostRecord): Host
  /** Walks every step of the way to a host once, and leaves nothing open. */
  check(request: HostCheckRequest): Promise<HostCheck>
  /**
   * Logs in to a host for commands alone, also where there is no Docker. Its key has to be known or
   * accepted. @throws QuaysideError what the way there throws, `install_unsupported` on this computer
   */
  runner(request: RunnerRequest): Promise<HostRunner>
  /** Names in ssh config, the agent, key files and this computer's Docker. */
  suggestions(signal?: AbortSignal): Promise<HostSuggestions>
  /** Pins a host key that the user has accepted; `replace` puts it in the place of another one. */
  trustHostKey(connection: HostConnection, key: HostKey, replace: boolean): Promise<void>
}

/** What there is for the login at a host. */
export interface LoginSecret {
  /** Password or passphrase, as kept or as typed. */
  secret?: string | undefined
  /** Why a kept one could not be read; told where the login fails for want of it. */
  unread?: QuaysideError | undefined
}

export interface RunnerRequest extends LoginSecret {
  connection: HostConnection
  acceptHostKey?: string | undefined
  /** What users call the host, for messages. */
  name: string
  signal?: AbortSignal | undefined
}

/** Commands on a host over a connection of their own. */
export interface HostRunner extends Pick<Host, 'exec'> {
  close(): void
}

export interface HostCheckRequest extends LoginSecret {
  checkId: string
  connection: HostConnection
  /** Accepted on first use; pinned once the key shown is that one. */
  acceptHostKey?: string | undefined
  onProgress?: ((check: HostCheck) => void) | undefined
  signal?: AbortSignal | undefined
}

export interface HostSuggestions {
  sshConfig: { alias: string; address: string; port: number; user: string }[]
  local: { socketPath: string; dockerVersion: string } | null
  agent: { keys: number } | null
  keyFiles: string[]
}

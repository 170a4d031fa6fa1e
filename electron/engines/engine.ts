import type { Duplex } from 'node:stream'
import type { ConnectionDetails, ConnectionFormat } from '../../shared/connection-formats.ts'
import type { EngineInfo } from '../../shared/contract/engines.ts'
import type { EngineBackup } from './engine-backup.ts'

/**
 * A database engine. To add one: make a folder beside `postgres/` with a `spec` (pure: what to run,
 * how to write its connection strings), a `session` (its driver over a given stream) and tests, then
 * add one line to `index.ts`. Nothing else in the code base names an engine.
 */
export interface Engine {
  /** What faces show of it. */
  readonly info: EngineInfo
  /** What to run for a new server; pure. */
  server(request: ServerRequest): ServerSpec
  /** The connection in one of the written forms; pure. A hidden password is passed in as dots. */
  format(details: ConnectionDetails, format: ConnectionFormat): string
  /** `sslmode`, or the engine's word for it, that a plain loopback connection uses. */
  readonly plainSslMode: string
  /**
   * Logs in over a stream that already leads to the server's port.
   * @throws QuaysideError `engine_not_ready` while it can't be reached yet or is starting up,
   * `engine_failed` when it refuses for good (wrong password, say).
   */
  openSession(login: SessionLogin): Promise<EngineSession>
  readonly backup: EngineBackup
  /** Logical databases that are the server's own: nobody's data belongs in one, and none is made anew. */
  readonly reservedDatabases: readonly string[]
  /** By what a server of this engine is recognised that Quayside did not make. */
  readonly mark: ServerMark
}

/** How a server is recognised, and how it is told to stay off an open network. */
export interface ServerMark {
  label: string
  /** The ports that are its own by custom. */
  ports: readonly number[]
  /** Names of its processes. */
  programs: RegExp
  /** The last part of an image's name, without its tag. */
  images: RegExp
  /** The line that binds it to the loopback, and the file it stands in. */
  setting: { file: string; line: string }
}

/** What a new server shall have. */
export interface ServerRequest {
  version: string
  user: string
  password: string
  database: string
  /** Begins it in the settings of `BackupSession.setFilling`, which stay until they are taken back. */
  filling?: boolean | undefined
}

/** A server as pure data; the Docker adapter turns it into a container. */
export interface ServerSpec {
  image: string
  /** Environment of the container; never a secret, `docker inspect` shows it. */
  env: Readonly<Record<string, string>>
  /** Arguments behind the image's entrypoint. */
  command: readonly string[]
  /** The port inside the container. */
  port: number
  /** Where the data volume is mounted. */
  dataPath: string
  /** Files put into the container before its first start. */
  files: readonly ServerFile[]
  /** Shared memory of the container, bytes. */
  shmBytes: number
  /** How long it may take to shut down cleanly before it is killed, seconds. */
  stopGraceSeconds: number
}

/** A file for the container. A secret one is emptied once the server accepts connections. */
export interface ServerFile {
  /** Absolute path inside the container. */
  path: string
  content: string
  mode: number
  secret: boolean
}

/** A login over a stream of the caller's making. */
export interface SessionLogin {
  stream: Duplex
  user: string
  password: string
  database: string
  /** Milliseconds for the whole login. */
  timeoutMs: number
  /** Speaks TLS with a server of this name. */
  tls?: SessionTls | undefined
  /** Settings of the session, as the engine writes them. */
  options?: string | undefined
  /** Of a server of ours, by the user it was made with: then nothing of the database's own runs at the login. */
  version?: string | undefined
}

export interface SessionTls {
  host: string
  /** Of the server's certificate: nothing, that an authority has signed it, or that it names the server too. */
  check: 'nothing' | 'authority' | 'name'
  /** Certificates (PEM) of the authorities; null for those that are known everywhere. */
  authorities: string | null
}

/** A logged-in session; whoever opened it closes it. */
export interface EngineSession {
  /** A real query, as proof that the server works; throws like `openSession`. */
  ping(): Promise<void>
  stats(): Promise<EngineStats>
  /** What changes from second to second; cheap enough to be asked every second. */
  activity(): Promise<EngineActivity>
  close(): Promise<void>
}

/** Numbers only the engine itself knows. */
export interface EngineStats {
  sizeBytes: number
  connections: number
  maxConnections: number
  serverVersion: string
}

/** What an engine is doing. Totals count since its start; null where the engine has no such thing. */
export interface EngineActivity {
  /** Clients of the logical database, without this session. */
  connections: number
  /** Finished in the logical database, whichever way. */
  transactions: number | null
  /** Pages found in the engine's own cache, and those that had to be read. */
  cacheHits: number | null
  cacheMisses: number | null
}

import type { Duplex } from 'node:stream'
import * as z from 'zod'
import type { Codec } from '../../shared/backup-manifest.ts'
import type { SessionLogin } from './engine.ts'

/** How an engine's databases are dumped, restored and compared. */
export interface EngineBackup {
  /** Dumps one logical database, compressed where the image can. Its output is the dump. */
  dump(request: DumpRequest): DumpTask
  /**
   * Restores a dump, which follows the task's first input. Nothing is touched before it is found whole,
   * unless each piece of it was proven before it was sent: that is restored as it comes.
   */
  restore(request: RestoreRequest): RestoreTask
  /** Runs a file of statements, which follows the task's first input; likewise. */
  importStatements(request: ImportRequest): RestoreTask
  /**
   * What a file is, by its first bytes (512 are enough) after it was decompressed.
   * Null where it is nothing this engine can read.
   */
  formatOf(head: Uint8Array): 'custom' | 'statements' | null
  /**
   * A database elsewhere by its connection string.
   * @throws QuaysideError `invalid_input` with what is wrong; never with the password in it
   */
  parseSource(connectionString: string): RemoteSource
  /**
   * Logs in to a database elsewhere, over streams that lead to its port; throws as `openSession`.
   * @param connect called again where a first try shows that the server speaks otherwise
   */
  openSource(
    source: RemoteSource,
    connect: () => Promise<Duplex>,
    options: { timeoutMs: number; signal: AbortSignal },
  ): Promise<BackupSession>
  /** A server of ours as a task reaches it that shares its loopback. */
  beside(login: Omit<DumpSource, 'address' | 'authorities'>): DumpSource
  /** Another logical database, which every server has, to work on this one from. */
  maintenanceFor(database: string): string
  /** Logs in for the work around a dump or a restore; throws as `Engine.openSession`. */
  openSession(login: SessionLogin, signal?: AbortSignal): Promise<BackupSession>
  /**
   * Puts one logical database in the place of another: both names change in one instant or not at
   * all, and what is connected to either is cut off meanwhile. The old one stays under a new name.
   * @param open logs in to a third logical database (twice: one session holds the names, the other
   * ends connections)
   * @throws QuaysideError `restore_failed` where it did not happen; then nothing has changed
   */
  swap(
    open: () => Promise<SessionLogin>,
    names: { filled: string; live: string; keepAs: string },
    signal?: AbortSignal,
  ): Promise<void>
}

/** A program for a task container, as data. It is run in the image of the database. */
export interface EngineTask<Report> {
  command: readonly string[]
  /** Written to its input before all else. Holds the password. */
  input: string
  /** Folders in memory that it needs. */
  tmpfs: readonly string[]
  /** Where it needs a volume for as long as it runs. */
  scratch: string | null
  memoryBytes: number
  /**
   * What came of it, by its exit code and all it said on its error output.
   * @throws QuaysideError `backup_failed` or `restore_failed` with the tool's own reason
   */
  report(ended: { exitCode: number; stderr: string }): Report
}

export interface DumpSource {
  /** Where the server is, without a secret. */
  address: string
  user: string
  password: string
  database: string
  /** Certificates (PEM) of the authorities that it is checked by, where it is; not secret. */
  authorities?: string | null | undefined
  /** As in `SessionLogin`. */
  version?: string | undefined
}

/** A database of a server that is none of ours. */
export interface RemoteSource extends DumpSource {
  host: string
  port: number
  /**
   * Whether what is said to it is encrypted: if the server can, always, only to one that an authority
   * vouches for, or only to the very one that is named.
   */
  tls: 'never' | 'if-possible' | 'always' | 'authority' | 'verified'
  /** The file of this computer with the authorities that may vouch for it; null for those known everywhere. */
  rootFile: string | null
  /** Settings of its sessions, as the engine writes them; null for none. */
  options: string | null
}

/** What an image may be able to compress with. */
export type TaskCodec = Exclude<Codec, 'lz4'>

export interface DumpRequest {
  source: DumpSource
  /** Random and unguessable: marks the task's own words among those of the tools. Letters and digits. */
  nonce: string
  /** From `BackupSession.exportSnapshot`, which stays open meanwhile. */
  snapshot: string
  /** What is wished; another one where the image does not have it. */
  codec: TaskCodec
}

export interface DumpTask extends EngineTask<DumpReport> {
  /** How the output is compressed; known before its first byte, null until then. */
  codecIn(stderr: string): Codec | null
}

/** Of a dump that is whole: the tools ended well, said no error, and the dump was parsed to its end. */
export interface DumpReport {
  /** Such as `pg_dump (PostgreSQL) 15.18`. */
  tool: string
  codec: Codec
  /** Of what has left the host, compressed where it was compressed there. */
  sentSha256: string
  warnings: string[]
}

export interface RestoreRequest {
  target: DumpSource
  nonce: string
  /** Of what is sent; one that the image may lack is decompressed before it is sent. */
  codec: TaskCodec
  expected: ExpectedBytes
  trust: DumpTrust
}

/**
 * How far a dump is known to be ours: every piece of it before it is sent, by the seal of a key of ours;
 * once all of it has come, by its hash; or not at all: then its owners and grants are left out.
 */
export type DumpTrust = 'sealed' | 'known' | 'foreign'

/** How the task knows that all has come. A connection that is cut looks like the end of the input. */
export interface ExpectedBytes {
  /** Of the bytes as they are sent. */
  sha256: string
  /** What must be free on Docker's disk, bytes. */
  roomBytes: number
}

export type ImportRequest = Omit<RestoreRequest, 'trust'>

export interface RestoreTask extends EngineTask<RestoreReport> {
  /** How far it has come; from `restoring` on the target may have changed. Null before its first word. */
  phaseIn(stderr: string): RestorePhase | null
}

export type RestorePhase = 'receiving' | 'checking' | 'restoring' | 'indexing' | 'done'

export interface RestoreReport {
  warnings: string[]
}

export interface TableRows {
  schema: string
  name: string
  rows: number
}

/**
 * A session for the work around a dump or restore. Queries have no time limit, as counting takes its
 * time: the signal given at its opening ends it. Every method throws `engine_failed`, `disk_full`, or
 * `engine_not_ready` where the connection broke.
 */
export interface BackupSession {
  /**
   * From now on this session sees the database as it is now, and no table is emptied or made anew; a dump
   * may share that while it is open.
   * @throws QuaysideError `backup_failed` too, where somebody has a table for himself for too long
   */
  exportSnapshot(): Promise<string>
  /** Whether a tool of ours waits in this database, as the same user, for what another has locked. */
  isHeldUp(): Promise<boolean>
  /** Rows of each table whose rows a dump holds, and how many large objects there are. */
  tables(): Promise<TableRows[]>
  /** How much there is to dump, without counting rows, and whether this login may read all of it. */
  survey(): Promise<DatabaseSurvey>
  /** What the database is as a whole, which a dump of its content does not hold. */
  database(): Promise<DatabaseFacts>
  /**
   * The roles that own something in this database or may do something there, those they are members
   * of, and their members. Verifiers (not passwords, yet worth guarding) only if asked for.
   */
  roles(options: { verifiers: boolean }): Promise<BackupRole[]>
  /**
   * Makes the roles that are not there, without touching one that is. `settleRoles` is to follow.
   * @param how.except names that are left out
   * @param how.mark stands on each from the moment it is made, so that `dropRoles` finds those alone
   * @returns what could not be kept, as sentences
   */
  applyRoles(
    roles: readonly BackupRole[],
    how: { except: readonly string[]; mark?: string | undefined },
  ): Promise<string[]>
  /**
   * Ends what `applyRoles` began for those that were superusers, once what they own is restored to the
   * logical database that this session is logged in to: they are none any more, and what only a
   * superuser can own is the owner's.
   * @returns what could not be kept, as sentences
   */
  settleRoles(
    roles: readonly BackupRole[],
    how: { owner: string; mark?: string | undefined },
  ): Promise<string[]>
  /**
   * Drops the roles that bear this mark, and no other role.
   * @returns the names of those that stay: they own something, may do something, have members or are
   * logged in
   */
  dropRoles(mark: string): Promise<string[]>
  /** Makes an empty logical database like the one of the facts. @throws `name_taken` */
  createDatabase(name: string, like: DatabaseFacts | null): Promise<void>
  /**
   * Gives a logical database the settings and grants it had, and the roles theirs in it.
   * @returns what could not be kept, as sentences
   */
  applyDatabase(name: string, facts: DatabaseFacts, roles: readonly BackupRole[]): Promise<string[]>
  /** Drops a logical database and ends its connections; content when there is none. */
  dropDatabase(name: string): Promise<void>
  listDatabases(): Promise<string[]>
  /** Of the logical database that this session is logged in to, and stays with it under another name. */
  replication(): Promise<Replication>
  /** Enables or disables subscriptions of the logical database that this session is logged in to. */
  setSubscriptions(names: readonly string[], enabled: boolean): Promise<void>
  /**
   * Sets a server that nobody uses to be filled as fast as it can without risk, or back to what it was.
   * @returns whether it takes effect only once the server is started anew
   */
  setFilling(filling: boolean): Promise<boolean>
  /**
   * Makes a login that owns this logical database and outside it can do only what everybody can:
   * foreign files are restored as it. One of that name gets the new password.
   * @param options.seesEveryRow also those that a policy of the file hides, to count them
   */
  createImporter(
    user: string,
    password: string,
    database: string,
    options?: { seesEveryRow: boolean },
  ): Promise<void>
  /**
   * Makes those of a foreign file's extensions, in the empty logical database that this session is
   * logged in to, that the server has and only a superuser may make; the importer may then use them as
   * everybody can. The others are left to the file.
   * @param options.mayLeadOut also those by which the file's content could reach other machines or files
   */
  createExtensions(
    extensions: DatabaseFacts['extensions'],
    importer: string,
    options: { mayLeadOut: boolean },
  ): Promise<void>
  /**
   * Leaves what an importer has filled to it, but for the logical database itself, which this session
   * is logged in to: that becomes the owner's, without the settings that the importer gave it. From then
   * on it logs in by the owner's password.
   */
  settleImporter(user: string, owner: string, database: string): Promise<void>
  /** Drops it, and what it owns in the logical database that this session is logged in to. */
  dropImporter(user: string): Promise<void>
  /**
   * Makes the role that a dump names as its owner, for as long as it is restored, where the server has
   * none of that name. Nobody can log in as it.
   * @returns false where there is a role of that name, which is left alone
   */
  createStandIn(role: string): Promise<boolean>
  /**
   * Gives what a stand-in owns in the logical database that this session is logged in to to the owner,
   * and drops it.
   * @returns what could not be kept, as sentences
   */
  settleStandIn(role: string, owner: string): Promise<string[]>
  /** Drops a stand-in, or takes its rights where something names it; leaves every other role alone. */
  dropStandIn(role: string): Promise<void>
  close(): Promise<void>
}

/** What ties a logical database to other servers. */
export interface Replication {
  /** Enabled ones: they take in changes of another server, which keeps its log for them. */
  subscriptions: string[]
  /** What other programs read its changes by; its server keeps its log for each. */
  slots: string[]
}

export interface DatabaseSurvey {
  /** On the disk of the server, indexes included. */
  bytes: number
  tables: number
  /** `schema.name` of those that this login can't read, or not every row of; a dump would fail at them. */
  unreadable: string[]
}

export interface DatabaseFacts {
  serverVersion: string
  name: string
  owner: string
  encoding: string
  collate: string
  ctype: string
  /** As the engine has it: `c` for the system's library, `i` for ICU, `b` for its own. */
  localeProvider: string
  /** The provider's name of the locale; null for the system's library. */
  locale: string | null
  /** What the provider's rules are tailored by; null where they are not. */
  icuRules?: string | null | undefined
  /** Connections at once; -1 for any number. */
  connectionLimit?: number | undefined
  /** Whether others are made as copies of it. */
  isTemplate?: boolean | undefined
  /** `name=value` as the engine keeps them, for all roles. */
  settings: string[]
  /** Null where nothing was ever granted or revoked; an empty role means everybody. */
  grants: { role: string; privilege: string; grantable: boolean }[] | null
  /** Without a schema where an older backup does not tell it. */
  extensions: { name: string; version: string; schema?: string | undefined }[]
}

/** A role as a backup holds it: read from a server, and back from the file beside the dump. */
export const backupRoleSchema = z.strictObject({
  name: z.string(),
  superuser: z.boolean(),
  inherit: z.boolean(),
  createRole: z.boolean(),
  createDatabase: z.boolean(),
  login: z.boolean(),
  replication: z.boolean(),
  bypassRowSecurity: z.boolean(),
  connectionLimit: z.number(),
  /** Null for ever. */
  validUntil: z.string().nullable(),
  /** `name=value`, everywhere and in this database. */
  settings: z.array(z.string()),
  databaseSettings: z.array(z.string()),
  memberOf: z.array(
    z.strictObject({
      role: z.string(),
      admin: z.boolean(),
      /** Whether its rights come by themselves, and whether one may become it: told since 16, null before. */
      inherit: z.boolean().nullish(),
      set: z.boolean().nullish(),
    }),
  ),
  /** What the server checks a password against; null where there is none or it was not asked for. */
  verifier: z.string().nullable(),
})
export type BackupRole = z.infer<typeof backupRoleSchema>

import * as z from 'zod'
import { errorDataSchema } from '../errors.ts'
import { hostNameSchema } from '../names.ts'
import { hostFactsSchema, hostPortsSchema } from './host-look.ts'
import { jobIdSchema } from './jobs.ts'
import { methods } from './method.ts'

export const hostIdSchema = z.uuid().brand<'HostId'>()
export type HostId = z.infer<typeof hostIdSchema>

const addressSchema = z
  .string()
  .trim()
  .min(1, 'Give the server’s name or IP address.')
  .max(253, 'An address has 253 characters at most.')
  .regex(
    /^(?:[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+(?:%[A-Za-z0-9]+)?)$/,
    'Give a host name or an IP address, without user, port or “ssh://”.',
  )

export const portSchema = z
  .int('A port is a whole number.')
  .min(1, 'A port lies between 1 and 65535.')
  .max(65535, 'A port lies between 1 and 65535.')

const userSchema = z
  .string()
  .trim()
  .min(1, 'Give the user to log in as.')
  .max(64, 'Use 64 characters at most.')
  .regex(/^[A-Za-z_][A-Za-z0-9_.@\\-]*\$?$/, 'That is not a user name.')

/** How to log in. Passwords and passphrases are never part of it: they lie in the keychain. */
export const sshLoginSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('agent') }),
  z.strictObject({
    kind: z.literal('key'),
    path: z.string().trim().min(1, 'Give the path of the private key.').max(1024),
  }),
  z.strictObject({ kind: z.literal('password') }),
])

/** How a host is reached. */
export const hostConnectionSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('ssh'),
    address: addressSchema,
    port: portSchema,
    user: userSchema,
    login: sshLoginSchema,
  }),
  /** By a name from the user's own ssh config, which says all the rest. */
  z.strictObject({
    kind: z.literal('ssh-config'),
    alias: z.string().trim().min(1, 'Choose a name from your SSH config.').max(253),
  }),
  /** No SSH at all: Docker's socket on this computer. */
  z.strictObject({
    kind: z.literal('local'),
    socketPath: z.string().trim().min(1, 'Give the path of Docker’s socket.').max(1024),
  }),
])
export type HostConnection = z.infer<typeof hostConnectionSchema>

/** A password, or a key's passphrase. Kept in the keychain only. */
const loginSecretSchema = z.string().min(1).max(1024)

/** `SHA256:` and the unpadded base64 of the host key's hash, as `ssh-keygen -l` prints it. */
export const fingerprintSchema = z
  .string()
  .trim()
  .regex(/^SHA256:[A-Za-z0-9+/]{43}$/, 'A fingerprint looks like SHA256: and 43 characters.')

export const hostKeySchema = z.strictObject({
  fingerprint: fingerprintSchema,
  /** As in known_hosts, `ssh-ed25519` for one. */
  type: z.string(),
})
export type HostKey = z.infer<typeof hostKeySchema>

export const hostStates = [
  'connecting',
  'ready',
  /** Answers, but late or with something missing. */
  'degraded',
  /** Does not answer now; Quayside keeps trying. */
  'lost',
  /** Needs the user: login, key file, permission. Not retried by itself. */
  'refused',
  'key-changed',
] as const

export const hostStatusSchema = z.strictObject({
  state: z.enum(hostStates),
  /** Since when, epoch milliseconds. */
  since: z.number(),
  /** When it last answered, epoch milliseconds. */
  lastSeen: z.number().nullable(),
  /** True while a login waits for someone to touch a security key. */
  touch: z.boolean(),
  /** The next try by itself, epoch milliseconds. */
  nextTry: z.number().nullable(),
  /** Round trip of the last probe, milliseconds. */
  latencyMs: z.number().nullable(),
  /** How Docker is reached: a channel to its socket, `docker system dial-stdio`, or the socket itself. */
  transport: z.enum(['stream-local', 'dial-stdio', 'socket']).nullable(),
  /**
   * Why the system's `ssh` carries the connection: `certificate /home/ada/.ssh/id-cert.pub`. Null where the
   * built-in one does.
   */
  systemSsh: z.string().nullable(),
  /** The jump hosts on the way to it that the system's `ssh` gets into, each with why. */
  systemSshJumps: z.array(z.strictObject({ host: z.string(), why: z.string() })),
  dockerVersion: z.string().nullable(),
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  os: z.string().nullable(),
  /** What this host lacks, in sentences. */
  limits: z.array(z.string()),
  error: errorDataSchema.nullable(),
})
export type HostStatus = z.infer<typeof hostStatusSchema>

export const hostSchema = z.strictObject({
  id: hostIdSchema,
  name: hostNameSchema,
  connection: hostConnectionSchema,
  /** Databases get the address `{container}.db.{base domain}` when it is set. */
  baseDomain: z.string().nullable(),
  /** New databases keep their data in a folder of their own under it; null for Docker's volumes. */
  dataDirectory: z.string().nullable(),
  createdAt: z.number(),
  status: hostStatusSchema,
  /** How many databases live there, the trash left out. */
  databases: z.int(),
})
export type HostView = z.infer<typeof hostSchema>

export const checkSteps = [
  'address',
  'port',
  'host-key',
  'login',
  'docker',
  'permission',
  'version',
  'disk',
  'clock',
] as const
export type CheckStepName = (typeof checkSteps)[number]

/** One step of the way to a host, found out while it is added or when it fails. */
export const checkStepSchema = z.strictObject({
  name: z.enum(checkSteps),
  /** A warning is no obstacle; its error says what to do all the same. */
  state: z.enum(['waiting', 'running', 'done', 'warning', 'question', 'failed', 'not-run']),
  title: z.string(),
  /** What was found. */
  fact: z.string().nullable(),
  ms: z.number().nullable(),
  error: errorDataSchema.nullable(),
})
export type CheckStep = z.infer<typeof checkStepSchema>

export const hostCheckSchema = z.strictObject({
  /** Chosen by whoever asked, to tell the events of two checks apart. */
  checkId: z.string(),
  steps: z.array(checkStepSchema),
  /** The key that waits for the user's word: seen for the first time. */
  unknownKey: hostKeySchema.nullable(),
  /** True when nothing is in the way; there may be warnings. */
  ok: z.boolean(),
})
export type HostCheck = z.infer<typeof hostCheckSchema>

/** Folders that are no place for data: they are gone after a restart, or are no files at all. */
const noPlace = /^\/(?:proc|sys|dev|run)(?:\/|$)/

/** An absolute path on the host, under which each database gets a folder of its own. */
export const dataDirectorySchema = z
  .string()
  .trim()
  .max(1024)
  .regex(/^\//, 'Give an absolute path on the host, such as /srv/databases.')
  // Docker's own way to write a bind has no place for a colon.
  .regex(/^[^:\p{Cc}]*$/u, 'Leave out colons and control characters.')
  .transform((path) => path.replace(/\/{2,}/g, '/').replace(/(?<=.)\/$/, ''))
  .refine((path) => path !== '/' && !noPlace.test(path), 'Choose a folder that keeps data.')
  .refine((path) => !/\/\.{1,2}(?:\/|$)/.test(path), 'Give the path without “.” and “..”.')

const hostRequestSchema = z.strictObject({
  connection: hostConnectionSchema,
  /** Password or passphrase, where the login needs one. */
  secret: loginSecretSchema.optional(),
  /** The fingerprint the user has compared and accepts, on first use. */
  acceptHostKey: fingerprintSchema.optional(),
})
export type HostRequest = z.infer<typeof hostRequestSchema>

/** One command of an installation, as it will be run. */
export const installStepSchema = z.strictObject({
  name: z.enum(['update', 'install', 'start', 'group']),
  title: z.string(),
  /** The literal command line. */
  command: z.string(),
  /** What it changes on the server, in a sentence. */
  changes: z.string(),
})
export type InstallStep = z.infer<typeof installStepSchema>

/** All that an installation of Docker will do, before anything is done. */
export const dockerInstallPlanSchema = z.strictObject({
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  os: z.string(),
  /** Who logs in. */
  user: z.string(),
  /** Whether the commands are run by root itself or through sudo. */
  as: z.enum(['root', 'sudo']),
  steps: z.array(installStepSchema),
  /** Names exactly these commands: what is not as shown any more is not run. */
  key: z.string(),
})
export type DockerInstallPlan = z.infer<typeof dockerInstallPlanSchema>

export const hostSuggestionsSchema = z.strictObject({
  /** Names in the user's ssh config, patterns left out. */
  sshConfig: z.array(
    z.strictObject({ alias: z.string(), address: z.string(), port: z.int(), user: z.string() }),
  ),
  /** Docker on this computer, if its socket answers. */
  local: z.strictObject({ socketPath: z.string(), dockerVersion: z.string() }).nullable(),
  /** The SSH agent and how many keys it holds, if one runs. */
  agent: z.strictObject({ keys: z.int() }).nullable(),
  /** Private key files in ~/.ssh. */
  keyFiles: z.array(z.string()),
})

export const hostMethods = methods({
  'hosts.list': { input: z.strictObject({}), output: z.array(hostSchema) },
  'hosts.suggestions': { input: z.strictObject({}), output: hostSuggestionsSchema },
  /**
   * Walks the way to a host step by step. Steps also come as `host-check` events. Where it leads
   * through the login of a host that is kept already, a secret that was given is kept too, and the
   * host connects.
   */
  'hosts.check': {
    input: hostRequestSchema.extend({
      checkId: z.string().max(64),
      /** A host that is kept already: its own connection counts, and its own secret if none is given. */
      hostId: hostIdSchema.optional(),
    }),
    output: hostCheckSchema,
  },
  /**
   * Looks at a host without Docker and says what would install it there; changes nothing.
   * @throws `install_unsupported`, and what the way to the host throws
   */
  'hosts.planDockerInstall': {
    input: z.union([z.strictObject({ hostId: hostIdSchema }), hostRequestSchema]),
    output: dockerInstallPlanSchema,
  },
  /** Runs a plan that was shown, as a job. @throws `plan_changed` when it would be another one now */
  'hosts.installDocker': {
    input: z.strictObject({ id: hostIdSchema, key: z.string().max(64) }),
    output: z.strictObject({ jobId: jobIdSchema }),
  },
  /**
   * What a host is and how it fares, read from it now.
   * @throws what is wrong with the host while it can't be asked
   */
  'hosts.facts': { input: z.strictObject({ id: hostIdSchema }), output: hostFactsSchema },
  /** What each host told of itself when it was last asked, also in an earlier life of the app. */
  'hosts.lastFacts': {
    input: z.strictObject({}),
    output: z.array(z.strictObject({ hostId: hostIdSchema, facts: hostFactsSchema })),
  },
  /**
   * The TCP ports that are listened on, tried from this computer too, against what should be open.
   * @throws what is wrong with the host while it can't be asked
   */
  'hosts.ports': { input: z.strictObject({ id: hostIdSchema }), output: hostPortsSchema },
  'hosts.add': {
    input: hostRequestSchema.extend({
      /** Adds it also where Docker is still missing, so that it can be installed. */
      withoutDocker: z.boolean().optional(),
      name: hostNameSchema,
      baseDomain: z.string().trim().min(1).max(200).nullable().default(null),
      dataDirectory: dataDirectorySchema.nullable().optional(),
    }),
    output: hostSchema,
  },
  /** Changes a host's settings; databases that are there keep their data where it is. */
  'hosts.update': {
    input: z.strictObject({ id: hostIdSchema, dataDirectory: dataDirectorySchema.nullable() }),
    output: hostSchema,
  },
  /** Tries again at once instead of at the next turn. */
  'hosts.reconnect': { input: z.strictObject({ id: hostIdSchema }), output: z.strictObject({}) },
  /** Replaces the pinned key: a deliberate act, written to the audit log. */
  'hosts.trustNewKey': {
    input: z.strictObject({ id: hostIdSchema, fingerprint: fingerprintSchema }),
    output: z.strictObject({}),
  },
  /** Stores another password or passphrase and tries again. */
  'hosts.setSecret': {
    input: z.strictObject({ id: hostIdSchema, secret: loginSecretSchema }),
    output: z.strictObject({}),
  },
  /** Forgets a host that holds no database of ours; nothing on it changes. */
  'hosts.remove': { input: z.strictObject({ id: hostIdSchema }), output: z.strictObject({}) },
})

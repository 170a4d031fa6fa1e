import * as z from 'zod'

const bytes = z.number().nonnegative()

/** A container on a host, whoever made it. */
const hostContainerSchema = z.strictObject({
  id: z.string(),
  name: z.string(),
  image: z.string(),
  /** In Docker's word, `running` or `exited` for one. */
  state: z.string(),
  /** In Docker's words, `Up 3 hours (healthy)`. */
  statusText: z.string(),
  /** The database that it is, where Quayside knows that one; its id. */
  databaseId: z.string().nullable(),
  /** TCP ports as Docker publishes them. */
  published: z.array(
    z.strictObject({ address: z.string(), port: z.int(), containerPort: z.int() }),
  ),
})

/** A file system that matters here. */
const hostDiskSchema = z.strictObject({
  /** Where it is mounted. */
  mount: z.string(),
  /** What lies on it: the system, Docker's own data, new databases' folders. */
  holds: z.array(z.enum(['system', 'docker', 'data'])),
  totalBytes: bytes,
  usedBytes: bytes,
  /** What users other than root may still write. */
  freeBytes: bytes,
})
export type HostDisk = z.infer<typeof hostDiskSchema>

/** What a host is and how it fares. Null is what the host did not tell; nothing is guessed. */
export const hostFactsSchema = z.strictObject({
  /** When it was read, epoch milliseconds of this computer. */
  at: z.number(),
  /** Such as `Debian GNU/Linux 12 (bookworm)`. */
  os: z.string().nullable(),
  kernel: z.string().nullable(),
  arch: z.string().nullable(),
  docker: z.strictObject({
    version: z.string(),
    apiVersion: z.string(),
    storageDriver: z.string().nullable(),
    dataRoot: z.string(),
  }),
  cpus: z.int().nullable(),
  /** Of all CPUs together, over the last moment: 0 to 100. */
  cpuPercent: z.number().nullable(),
  /** Load averages. */
  load: z.strictObject({ one: z.number(), five: z.number(), fifteen: z.number() }).nullable(),
  memory: z.strictObject({ totalBytes: bytes, availableBytes: bytes }).nullable(),
  /** Total 0 where there is none. */
  swap: z.strictObject({ totalBytes: bytes, freeBytes: bytes }).nullable(),
  disks: z.array(hostDiskSchema),
  /** Epoch milliseconds of this computer. */
  bootedAt: z.number().nullable(),
  /** How far the host's clock is ahead of this computer's, milliseconds; behind is negative. */
  clockAheadMs: z.number().nullable(),
  containers: z.array(hostContainerSchema),
})
export type HostFacts = z.infer<typeof hostFactsSchema>
export type HostContainer = HostFacts['containers'][number]

/** Answers to a connection from this computer: `filtered` is none, `unknown` was not tried. */
export const reachabilities = ['open', 'closed', 'filtered', 'unknown'] as const

/** A TCP port that something on a host listens on. */
const hostPortSchema = z.strictObject({
  port: z.int(),
  /** The addresses it is bound to; `0.0.0.0` and `::` are all of them. */
  addresses: z.array(z.string()),
  bound: z.enum(['loopback', 'network']),
  /** Null where the host does not tell: only root sees other users' programs. */
  heldBy: z
    .strictObject({
      kind: z.enum(['container', 'program']),
      name: z.string(),
      /** The database that it is, where it is one of Quayside's. */
      databaseId: z.string().nullable(),
    })
    .nullable(),
  /** What it serves as far as that can be told, `PostgreSQL` for one. */
  serves: z.string().nullable(),
  fromHere: z.enum(reachabilities),
  /** Null where that is for the user alone to say. */
  shouldBe: z.enum(['open', 'closed']).nullable(),
  verdict: z.enum(['expected', 'exposed', 'note']),
  /** Why it is no matter of course, in a sentence. */
  reason: z.string().nullable(),
  hint: z.string().nullable(),
  /** A text to copy that closes it. */
  remedy: z.string().nullable(),
})
export type HostPort = z.infer<typeof hostPortSchema>

export const hostPortsSchema = z.strictObject({
  /** When it was read, epoch milliseconds of this computer. */
  at: z.number(),
  /** The address that was tried from this computer; null where it was not. */
  triedAddress: z.string().nullable(),
  /** False where the host's own list can't be read: then there is what Docker publishes alone. */
  complete: z.boolean(),
  /** The worst first, then by number. */
  ports: z.array(hostPortSchema),
})
export type HostPorts = z.infer<typeof hostPortsSchema>

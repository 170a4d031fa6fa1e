import type { Readable } from 'node:stream'
import * as z from 'zod'
import type {
  DestinationConfig,
  DestinationKindInfo,
  DestinationSecrets,
} from '../../shared/contract/destinations.ts'
import { QuaysideError } from '../../shared/errors.ts'

export { clockWrong, nameTaken, notDone, notReached } from './answers.ts'
export { markerName, markerText, notMarked } from './marker.ts'
export { equalPartSizes, partsOf, partSizes, type Part, type PartSize } from './parts.ts'

/**
 * A kind of place where backups go. To add one: make a folder beside `local-folder/` that defines its
 * kind with `defineKind` (what to fill in, as data; schemas that check it with sentences for users; a
 * driver over its own SDK), add one line to `index.ts`, and one to the conformance suite in
 * `test/conformance/`, with a server that speaks the real protocol. Nothing else names a destination.
 *
 * A driver does the bare acts. What holds for all kinds is done around it, by `guard.ts`: names are
 * checked, an abort ends every call promptly, a put is compared with what lies there afterwards, a
 * read that ends short is an error, and a call on which nothing moves is ended. Left to the driver:
 * - `put` appears at its name whole or not at all, however it ends; what was sent of it goes again.
 * - Retries are bounded and only of what can be repeated: a part, never the whole stream.
 * - The SDK is loaded by `import()` on first use; memory is bounded at any size.
 * - Errors are QuaysideError: `destination_unreachable`, `destination_denied`, `destination_full`,
 *   `destination_failed`, `name_taken` (exclusive), `not_found`; no secret in message or detail.
 */
export interface DestinationKind {
  /** What faces show of it, and the fields to fill in. */
  readonly info: DestinationKindInfo
  /**
   * The config as it is kept, with defaults filled in.
   * @throws QuaysideError `invalid_input` with the field, `config.bucket` say
   */
  parseConfig(config: unknown): DestinationConfig
  /** @throws QuaysideError `invalid_input` with the field, `secrets.secretKey` say */
  parseSecrets(secrets: unknown): DestinationSecrets
  /** Where that is, in one line without anything secret. */
  place(config: DestinationConfig): string
  /** True where the place can be there while the disk with the backups is not: it is marked by a file. */
  isMounted(config: DestinationConfig): boolean
  /**
   * Ready to be used; nothing is connected before the first call.
   * @throws QuaysideError `invalid_input` where config or secrets do not fit
   */
  open(config: unknown, secrets: unknown, context: DestinationContext): Destination
}

/** Objects by name. A name is one or more parts of letters, digits, `.`, `_`, `-`, divided by `/`. */
export interface Destination {
  /**
   * Stores content as it comes. When it resolves, the object is there under its name, whole, and its
   * size has been read back; in every other case nothing is there that was not there before.
   * @throws QuaysideError `name_taken` when exclusive and something has that name; what the content
   * failed with, as it is
   */
  put(name: string, content: Readable, options: PutOptions): Promise<{ bytes: number }>
  /**
   * The content, from a byte on. Ends only after the last byte: a short one ends with an error.
   * @throws QuaysideError `not_found`
   */
  get(name: string, options: GetOptions): Promise<Readable>
  /** Null when there is none. */
  stat(name: string, options: DestinationCallOptions): Promise<StoredFacts | null>
  /** Everything whose name begins so, in no order; all of it, or an error. */
  list(prefix: string, options: DestinationCallOptions): AsyncIterable<StoredObject>
  /** Content when it is gone already. */
  remove(name: string, options: DestinationCallOptions): Promise<void>
  /**
   * Takes away what puts that were cut off with this computer have left behind (part files, uploads
   * never completed); returns how many. Where a destination drops such by itself and shows nobody what
   * they are, that is none.
   */
  sweep(options: SweepOptions): Promise<number>
  close(): Promise<void>
}

export interface DestinationCallOptions {
  signal: AbortSignal
}

export interface PutOptions extends DestinationCallOptions {
  /** Fail with `name_taken` rather than replace what has that name. */
  exclusive: boolean
  /** About how many bytes may come, where that is known: then parts are made large enough. */
  expectedBytes?: number | undefined
}

export interface GetOptions extends DestinationCallOptions {
  /** The first byte wanted, from 0. */
  from?: number | undefined
}

export interface SweepOptions extends DestinationCallOptions {
  /** Only what is older; 0 for everything, whatever the clocks say. */
  olderThanMs: number
  /** Only what was to get a name that begins so. Whoever gives 0 above knows that nobody writes there. */
  prefix?: string | undefined
}

export interface StoredFacts {
  bytes: number
  /** Epoch milliseconds, by the destination's own clock. */
  modifiedAt: number
}

export interface StoredObject extends StoredFacts {
  name: string
}

/**
 * The bare acts of one kind; `guard.ts` makes a Destination of them. Names arrive checked; what
 * `list` finds under other names is left out by the guard.
 */
export interface DestinationDriver extends Omit<Destination, 'get'> {
  /** The content and how many bytes it will have, by what the destination says now. */
  get(name: string, options: GetOptions): Promise<StoredContent>
}

export interface StoredContent {
  content: Readable
  bytes: number
}

/** What a destination may use of the app. */
export interface DestinationContext {
  /** True where the file that marks it lies there: without it every act fails, by `notMarked`. */
  marked?: boolean | undefined
  volumes: HostVolumes
  /**
   * Smaller than usual in a test: how many objects a page of a list has, how many bytes a part, how many
   * parts an object may have.
   */
  sizes?: { page: number; part: number; parts?: number } | undefined
  /** Less than usual in a test. */
  patience?: Patience | undefined
}

/** How long each may take without a step forward, milliseconds. */
export interface Patience {
  /** No byte of what is read; twice as long with hardly any. */
  readMs: number
  /** Nothing taken of what is written: as long as a slow line needs for some large parts. */
  writeMs: number
  /** A call as a whole that moves no content, or one page of a list. */
  callMs: number
  /** What a driver is given to clear up after an abort before the caller goes on without it. */
  farewellMs: number
}

/** Files in a volume or a folder of a host; the bytes go through a container there. */
export interface HostVolumes {
  /**
   * @param hostId a host's id
   * @param place a volume's name, or an absolute path on the host
   * @param marked as in `DestinationContext`
   * @throws QuaysideError `not_found` when there is no such host
   */
  at(hostId: string, place: string, marked?: boolean): HostFolder
}

/**
 * Files below a volume or a folder, by names as a destination has them. Held to what a driver is held
 * to; errors of the host come as they are (`host_lost`, `docker_down`, `volume_missing` …).
 */
export type HostFolder = DestinationDriver

/** How a kind is written down; `defineKind` makes a DestinationKind of it. */
export interface KindDefinition<C extends DestinationConfig, S extends DestinationSecrets> {
  info: DestinationKindInfo
  /** Gives text for every field that is set; its messages are sentences for the user. */
  config: z.ZodType<C>
  secrets: z.ZodType<S>
  place(config: C): string
  /** As in `DestinationKind`; false where it is left out. */
  isMounted?(config: C): boolean
  /** @throws QuaysideError `invalid_input` where config and secrets don't go together */
  open(config: C, secrets: S, context: DestinationContext): DestinationDriver
}

/** A kind whose `open` gives the bare driver. */
export interface UnguardedKind extends Omit<DestinationKind, 'open'> {
  open(config: unknown, secrets: unknown, context: DestinationContext): DestinationDriver
}

/** Makes a kind that checks what it is given before it uses it. */
export function defineKind<C extends DestinationConfig, S extends DestinationSecrets>(
  definition: KindDefinition<C, S>,
): UnguardedKind {
  const parseConfig = (config: unknown) => parse(definition.config, config, 'config')
  const parseSecrets = (secrets: unknown) => parse(definition.secrets, secrets, 'secrets')
  return {
    info: definition.info,
    parseConfig,
    parseSecrets,
    place: (config) => definition.place(parseConfig(config)),
    isMounted: (config) => definition.isMounted?.(parseConfig(config)) ?? false,
    open: (config, secrets, context) =>
      definition.open(parseConfig(config), parseSecrets(secrets), context),
  }
}

/** Says what is wrong by its field, and never repeats a value: it may be a secret. */
function parse<T>(schema: z.ZodType<T>, value: unknown, part: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  throw new QuaysideError('invalid_input', issue?.message ?? 'The input is not valid.', {
    field: [part, ...(issue?.path ?? [])].join('.'),
  })
}

/** For a kind's fields: what is left out is as most fields have it. */
export function field(
  given: Pick<DestinationKindInfo['fields'][number], 'key' | 'label' | 'type'> &
    Partial<DestinationKindInfo['fields'][number]>,
): DestinationKindInfo['fields'][number] {
  return {
    required: true,
    hint: null,
    example: null,
    default: null,
    multiline: false,
    options: [],
    ...given,
  }
}

/** A folder inside a bucket: parts of plain characters, without slashes around; may be empty. */
export const prefixSchema = z
  .string()
  .trim()
  .max(512, 'Use 512 characters at most.')
  .transform((folder) => folder.replace(/^\/+|\/+$/g, ''))
  .refine((folder) => folder === '' || isObjectName(folder), {
    message: 'Use letters, digits, “.”, “_” and “-”, with “/” between folders.',
  })
  .default('')

/** Where a service is, for one that is not the vendor's own; empty for that. */
export function endpointSchema(example: string) {
  return z
    .string()
    .trim()
    .transform((address) => address.replace(/\/+$/, ''))
    .refine(
      (address) => address === '' || (/^https?:\/\/[^?#]+$/.test(address) && URL.canParse(address)),
      `An endpoint looks like ${example}.`,
    )
    .refine((address) => !address.includes('@'), 'Leave user and password out of the endpoint.')
    .default('')
}

const objectName = /^(?!.*(?:^|\/)\.)[A-Za-z0-9._-]+(?:\/[A-Za-z0-9._-]+)*$/

/** True for a name an object may have. No part begins with a dot, so none leads elsewhere. */
export function isObjectName(name: string): boolean {
  return name.length <= 512 && objectName.test(name)
}

import * as z from 'zod'
import { errorDataSchema } from '../errors.ts'
import { hostNameSchema } from '../names.ts'
import { methods } from './method.ts'

export const destinationIdSchema = z.uuid().brand<'DestinationId'>()
export type DestinationId = z.infer<typeof destinationIdSchema>

/** One thing to fill in for a new destination; forms and the command line are made of these. */
export const destinationFieldSchema = z.strictObject({
  /** Its key in `config`, or in `secrets` where the type is `secret`. */
  key: z.string().regex(/^[a-z][A-Za-z]*$/),
  label: z.string(),
  /**
   * `folder`: a folder of this computer; `host`: a host's id; `select`: one of the options;
   * `secret`: kept in the keychain, never shown again.
   */
  type: z.enum(['text', 'secret', 'folder', 'host', 'select']),
  required: z.boolean(),
  hint: z.string().nullable(),
  /** What such a value looks like, in grey. */
  example: z.string().nullable(),
  default: z.string().nullable(),
  /** True where the value has lines of its own, such as a key file. */
  multiline: z.boolean(),
  options: z.array(z.strictObject({ value: z.string(), label: z.string() })),
})
export type DestinationField = z.infer<typeof destinationFieldSchema>

/** What a face needs to know of a kind of destination; learned at run time, so no face names one. */
export const destinationKindInfoSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z0-9-]*$/),
  label: z.string(),
  /** One sentence for whoever chooses. */
  summary: z.string(),
  /** False where what lies there is lost together with this computer or with a host. */
  offSite: z.boolean(),
  fields: z.array(destinationFieldSchema),
})
export type DestinationKindInfo = z.infer<typeof destinationKindInfoSchema>

/** Values by the keys of a kind's fields. */
export const destinationConfigSchema = z.record(z.string().max(64), z.string().max(4096))
export type DestinationConfig = z.infer<typeof destinationConfigSchema>

/** A key file is the longest of them. */
const destinationSecretsSchema = z.record(z.string().max(64), z.string().min(1).max(16_384))
export type DestinationSecrets = z.infer<typeof destinationSecretsSchema>

/** When it was last checked and how that ended. */
export const destinationCheckedSchema = z.strictObject({
  at: z.number(),
  error: errorDataSchema.nullable(),
})
export type DestinationChecked = z.infer<typeof destinationCheckedSchema>

export const destinationSchema = z.strictObject({
  id: destinationIdSchema,
  name: z.string(),
  kind: z.string(),
  /** The kind's label; the id where this version knows no such kind. */
  kindLabel: z.string(),
  /** Where it is, in one line, such as `s3.example.com/backups/shop`. */
  place: z.string(),
  offSite: z.boolean(),
  config: destinationConfigSchema,
  /** Which secrets the keychain was given; never their values. */
  secrets: z.array(z.string()),
  createdAt: z.number(),
  /** Null while there was none. */
  lastCheck: destinationCheckedSchema.nullable(),
})
export type DestinationView = z.infer<typeof destinationSchema>

export const destinationCheckSteps = ['write', 'read', 'list', 'delete'] as const

/** One act that a destination has to be able to do. */
export const destinationCheckStepSchema = z.strictObject({
  name: z.enum(destinationCheckSteps),
  title: z.string(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'not-run']),
  ms: z.number().nullable(),
  error: errorDataSchema.nullable(),
})
export type DestinationCheckStep = z.infer<typeof destinationCheckStepSchema>

export const destinationCheckSchema = z.strictObject({
  /** Chosen by whoever asked, to tell the events of two checks apart. */
  checkId: z.string(),
  steps: z.array(destinationCheckStepSchema),
  ok: z.boolean(),
})
export type DestinationCheck = z.infer<typeof destinationCheckSchema>

const checkIdSchema = z.string().min(1).max(64).default('check')
const draftSchema = {
  kind: z.string().min(1, 'Choose where the backups go.').max(64),
  config: destinationConfigSchema,
  secrets: destinationSecretsSchema.default({}),
}

/** What lay at a destination at the end of a day, or lies there now. */
const storedSampleSchema = z.strictObject({
  destinationId: destinationIdSchema,
  /** The UTC day, counted from 1970-01-01. */
  day: z.int(),
  /** Of all copies, as they are stored. */
  bytes: z.number(),
  copies: z.int(),
})
export type StoredSample = z.infer<typeof storedSampleSchema>

export const destinationMethods = methods({
  /** Every kind of this version, in the order they are shown. */
  'destinations.kinds': {
    input: z.strictObject({}),
    output: z.array(destinationKindInfoSchema),
  },
  'destinations.list': { input: z.strictObject({}), output: z.array(destinationSchema) },
  /** How much lay at each destination on each of the last 30 days; a day on which nobody looked is not there. */
  'destinations.stored': { input: z.strictObject({}), output: z.array(storedSampleSchema) },
  /**
   * Writes, reads, lists and deletes a small object there, of one that is kept (what is given with
   * it counts in place of what is kept) or of one that is about to be added. Tells each step by an
   * event as it goes; a step that fails is an answer, not an error.
   */
  'destinations.check': {
    input: z.union([
      z.strictObject({
        checkId: checkIdSchema,
        id: destinationIdSchema,
        config: destinationConfigSchema.optional(),
        secrets: destinationSecretsSchema.optional(),
      }),
      z.strictObject({ checkId: checkIdSchema, ...draftSchema }),
    ]),
    output: destinationCheckSchema,
  },
  /**
   * Adds it and checks it at once: what came of that stands in `lastCheck`, and one that could not be
   * reached is added all the same. Refuses a taken name, a wrong field.
   */
  'destinations.add': {
    input: z.strictObject({
      name: hostNameSchema,
      ...draftSchema,
      /** False leaves the check out. */
      check: z.boolean().optional(),
    }),
    output: destinationSchema,
  },
  /** Changes its name, its config as a whole, or the secrets that are given. */
  'destinations.update': {
    input: z.strictObject({
      id: destinationIdSchema,
      name: hostNameSchema.optional(),
      config: destinationConfigSchema.optional(),
      secrets: destinationSecretsSchema.optional(),
    }),
    output: destinationSchema,
  },
  /**
   * Forgets it and its credentials; what lies there stays. Where schedules or backups point to it,
   * only with its name typed.
   */
  'destinations.remove': {
    input: z.strictObject({ id: destinationIdSchema, confirmName: z.string().max(60).optional() }),
    output: z.strictObject({}),
  },
  /**
   * Makes a new key, which the backups from now on are encrypted with; older ones stay as they are,
   * and are read with the older keys. Needs the recovery key to be saved.
   */
  'destinations.rotateKey': {
    input: z.strictObject({ id: destinationIdSchema }),
    output: z.strictObject({ keyId: z.uuid(), createdAt: z.number() }),
  },
})

import * as z from 'zod'
import { destinationIdSchema } from './destinations.ts'
import { methods } from './method.ts'

/** Whether there is a recovery key, and when the user confirmed that it is saved (epoch ms). */
export const recoveryKeyStatusSchema = z.strictObject({
  exists: z.boolean(),
  savedAt: z.int().nullable(),
})
export type RecoveryKeyStatus = z.infer<typeof recoveryKeyStatusSchema>

const typed = z.string().min(1, 'Type the recovery key.').max(200, 'That is too long.')

export const recoveryKeyMethods = methods({
  'recoveryKey.status': { input: z.strictObject({}), output: recoveryKeyStatusSchema },
  /** Shows the key, for the user to save outside this computer; makes it at the first call. */
  'recoveryKey.reveal': {
    input: z.strictObject({}),
    output: z.strictObject({ text: z.string() }),
  },
  /** Puts the key on the clipboard, which it leaves after 60 s; it does not pass through the window. */
  'recoveryKey.copy': { input: z.strictObject({}), output: z.strictObject({}) },
  /** Asks the user where, and writes the key there; `saved` is false when they decided not to. */
  'recoveryKey.saveFile': {
    input: z.strictObject({}),
    output: z.strictObject({ saved: z.boolean() }),
  },
  /** Takes the whole key or its last group as the proof that it is saved. */
  'recoveryKey.confirm': {
    input: z.strictObject({ text: typed }),
    output: recoveryKeyStatusSchema,
  },
  /**
   * Opens a destination's backups with the recovery key of the installation that made them. Where
   * this computer has no recovery key yet, it becomes its own.
   */
  'recoveryKey.enter': {
    input: z.strictObject({ destinationId: destinationIdSchema, text: typed }),
    output: z.strictObject({ keys: z.int(), adopted: z.boolean() }),
  },
})

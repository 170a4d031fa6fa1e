import * as z from 'zod'
import { methods } from './method.ts'

/** What the user is asked for. */
export const fileChoiceSchema = z.discriminatedUnion('what', [
  /** A folder that is there, or is made in the dialog. */
  z.strictObject({ what: z.literal('folder') }),
  /** A file to read. */
  z.strictObject({ what: z.literal('file') }),
  /** A place for a file that is not there yet; `name` is what it may be called. */
  z.strictObject({
    what: z.literal('new-file'),
    name: z
      .string()
      .min(1)
      .max(120)
      .regex(/^[^/\\\0]+$/, 'That is no file name.'),
  }),
])
export type FileChoice = z.infer<typeof fileChoiceSchema>

export const fileMethods = methods({
  /**
   * Asks by the system's dialog for a place on this computer; null where the user decided against it.
   * Nothing is read or written, and what is chosen is checked by whatever it is given to.
   */
  'files.choose': {
    input: fileChoiceSchema,
    output: z.strictObject({ path: z.string().nullable() }),
  },
})

import * as z from 'zod'
import { methods } from './method.ts'

export const engineIdSchema = z.string().regex(/^[a-z][a-z0-9]*$/)

/** What a face needs to know of an engine; learned at run time, so no face names one. */
export const engineInfoSchema = z.strictObject({
  id: engineIdSchema,
  label: z.string(),
  /** Newest first; the first is the default. */
  versions: z.array(z.strictObject({ version: z.string(), label: z.string() })).min(1),
  defaultPort: z.int(),
  /** Monochrome SVG path data, drawn on a 24 × 24 grid. */
  icon: z.string(),
  /** The command-line client's name, such as is typed in a terminal. */
  client: z.string(),
})
export type EngineInfo = z.infer<typeof engineInfoSchema>

export const engineMethods = methods({
  'engines.list': { input: z.strictObject({}), output: z.array(engineInfoSchema) },
})

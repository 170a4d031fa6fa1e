import type * as z from 'zod'

/** One call from a face to the core: what goes in, what comes out. */
export interface Method {
  readonly input: z.ZodType
  readonly output: z.ZodType
}

/** Declares a group of methods; the keys are their full names, such as `databases.create`. */
export function methods<const M extends Readonly<Record<string, Method>>>(declared: M): M {
  return declared
}

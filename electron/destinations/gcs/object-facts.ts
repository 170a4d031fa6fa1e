import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'

const objectSchema = z.object({
  name: z.string(),
  size: z.string().regex(/^\d+$/).transform(Number),
  updated: z.string(),
  generation: z.string(),
  md5Hash: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
})
export type ObjectFacts = z.infer<typeof objectSchema>

const pageSchema = z.object({
  items: z.array(objectSchema).default([]),
  nextPageToken: z.string().optional(),
})

export async function readObject(answer: Response): Promise<ObjectFacts> {
  return parsed(objectSchema, answer)
}

export async function readPage(answer: Response): Promise<z.infer<typeof pageSchema>> {
  return parsed(pageSchema, answer)
}

async function parsed<S extends z.ZodType>(schema: S, answer: Response): Promise<z.output<S>> {
  const result = schema.safeParse(await answer.json().catch(() => null))
  if (result.success) return result.data
  throw new QuaysideError('destination_failed', 'The destination gave an incomplete answer.', {
    hint: 'Try again.',
  })
}

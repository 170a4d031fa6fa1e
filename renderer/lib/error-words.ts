import { errorDataSchema, toErrorData, type ErrorData } from '../../shared/errors.ts'

/** The words of anything that went wrong: thrown here, or come as data from the core. */
export function wordsOfError(error: unknown): ErrorData {
  const data = errorDataSchema.safeParse(error)
  // A QuaysideError has the same keys as its data and more, and is taken apart by toErrorData.
  return data.success && !(error instanceof Error) ? data.data : toErrorData(error)
}

/** Message and hint as one text, for the place beside a field. */
export function sentenceOfError(error: unknown): string {
  const { message, hint } = wordsOfError(error)
  return hint === undefined ? message : `${message} ${hint}`
}

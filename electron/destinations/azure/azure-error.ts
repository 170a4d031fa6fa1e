import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import { clockWrong, nameTaken, notDone, notReached } from '../destination.ts'

const restErrorSchema = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  statusCode: z.number().optional(),
})

/** What the SDK throws, as far as it is of use. */
export function readRestError(thrown: unknown): z.infer<typeof restErrorSchema> | null {
  if (!(thrown instanceof Error)) return null
  const { name, message } = thrown
  const code = 'code' in thrown ? thrown.code : undefined
  const statusCode = 'statusCode' in thrown ? thrown.statusCode : undefined
  return restErrorSchema.safeParse({ name, message, code, statusCode }).data ?? null
}

/** What the storage account or the way to it said, in words. */
export function azureError(thrown: unknown, container: string): unknown {
  if (thrown instanceof QuaysideError) return thrown
  const error = readRestError(thrown)
  // The SDK calls a line that broke a TimeoutError: only what was cancelled is passed on as it is.
  if (error === null || error.name === 'AbortError') return thrown
  const { code = error.name, statusCode: status, message } = error
  const detail = [code, status, message.split('\n')[0]]
    .filter((part) => part !== undefined)
    .join(': ')
  if (/date header too old|RequestTimeTooSkewed/i.test(message)) return clockWrong(detail)
  if (/not valid in the specified time frame|ExpiredToken/i.test(`${code} ${message}`))
    return new QuaysideError('destination_denied', 'The credentials have expired.', {
      hint: 'Give a new SAS token in the destination’s settings.',
      detail,
    })
  if (code === 'ContainerNotFound')
    return new QuaysideError('destination_failed', `There is no container ${container}.`, {
      hint: 'Check its name and the account; Quayside makes no container by itself.',
      detail,
    })
  if (['BlobAlreadyExists', 'ConditionNotMet'].includes(code) || status === 412)
    return nameTaken(detail)
  if (
    code === 'AccountBeingCreated' ||
    code === 'InsufficientAccountPermissions' ||
    status === 401 ||
    status === 403
  )
    return new QuaysideError('destination_denied', 'The destination refuses these credentials.', {
      hint: 'Check the account and its key or SAS token, and that it may read, write, list and delete.',
      detail,
    })
  if (status === 507 || code === 'AccountIsFull' || code === 'QuotaExceeded')
    return new QuaysideError('destination_full', `There is no space left in ${container}.`, {
      hint: 'Raise the quota or make space, then retry.',
      detail,
    })
  if (status === undefined) return notReached(detail)
  return notDone(status, detail)
}

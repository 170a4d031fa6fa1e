import * as z from 'zod'
import { QuaysideError } from '../../../shared/errors.ts'
import { clockWrong, nameTaken, notDone, notReached } from '../destination.ts'

/** What the SDK throws, as far as it is of use. */
const sdkErrorSchema = z.object({
  name: z.string(),
  message: z.string(),
  code: z.string().optional(),
  $metadata: z.object({ httpStatusCode: z.number().optional() }).optional(),
})

export interface SdkError {
  name: string
  status: number | undefined
  message: string
}

/** The protocol's own name for what went wrong, and the HTTP status. */
export function readSdkError(thrown: unknown): SdkError | null {
  if (!(thrown instanceof Error)) return null
  const parsed = sdkErrorSchema.safeParse({
    name: thrown.name,
    message: thrown.message,
    code: 'code' in thrown ? thrown.code : undefined,
    $metadata: '$metadata' in thrown ? thrown.$metadata : undefined,
  })
  if (!parsed.success) return null
  const { name, message, code, $metadata } = parsed.data
  return {
    name: name === 'Error' && code !== undefined ? code : name,
    status: $metadata?.httpStatusCode,
    message,
  }
}

const answeredSchema = z.object({
  $response: z.object({ headers: z.object({ date: z.string() }) }),
})
/** The protocol refuses requests whose time is off by more, milliseconds. */
const mostSkewMs = 15 * 60_000

/** An answer to HEAD has no words, and nothing but its date says that the clock is why it refuses. */
function isClockOff(thrown: unknown): boolean {
  if (!(thrown instanceof Error) || !('$response' in thrown)) return false
  const answered = answeredSchema.safeParse({ $response: thrown.$response })
  if (!answered.success) return false
  return Math.abs(Date.parse(answered.data.$response.headers.date) - Date.now()) > mostSkewMs
}

const denied = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'AuthorizationHeaderMalformed',
  'AllAccessDisabled',
  'AccountProblem',
  'CredentialsProviderError',
  'Forbidden',
  'Unauthorized',
])
const expired = new Set([
  'ExpiredToken',
  'ExpiredTokenException',
  'TokenRefreshRequired',
  'InvalidToken',
])
const full = new Set([
  'QuotaExceeded',
  'InsufficientStorage',
  'XMinioStorageFull',
  'EntityTooLarge',
])
const taken = new Set(['PreconditionFailed', 'ConditionalRequestConflict'])

/** What a bucket or the way to it said, in words. */
export function s3Error(thrown: unknown, bucket: string): unknown {
  if (thrown instanceof QuaysideError) return thrown
  const error = readSdkError(thrown)
  // The SDK calls a line that broke a TimeoutError: only what was cancelled is passed on as it is.
  if (error === null || error.name === 'AbortError') return thrown
  const { name, status, message } = error
  const detail = [name, status, message].filter((part) => part !== undefined).join(': ')
  if (name === 'RequestTimeTooSkewed' || (status === 403 && isClockOff(thrown)))
    return clockWrong(detail)
  if (expired.has(name))
    return new QuaysideError('destination_denied', 'The credentials have expired.', {
      hint: 'Give new credentials in the destination’s settings.',
      detail,
    })
  if (name === 'NoSuchBucket')
    return new QuaysideError('destination_failed', `There is no bucket ${bucket}.`, {
      hint: 'Check the bucket’s name, the endpoint and the region; Quayside makes no bucket by itself.',
      detail,
    })
  if (name === 'PermanentRedirect' || status === 301)
    return new QuaysideError('destination_failed', `The bucket ${bucket} is in another region.`, {
      hint: 'Give the bucket’s own region.',
      detail,
    })
  if (taken.has(name) || status === 412) return nameTaken(detail)
  if (full.has(name) || status === 507)
    return new QuaysideError('destination_full', `There is no space left in ${bucket}.`, {
      hint: 'Raise the quota or make space, then retry.',
      detail,
    })
  if (denied.has(name) || status === 401 || status === 403)
    return new QuaysideError('destination_denied', `The destination refuses these credentials.`, {
      hint: 'Check both keys, and that they may list the bucket and read, write and delete in it.',
      detail,
    })
  // An answer, even a bad one, came from somebody; without one nobody was reached.
  if (status === undefined || status === 0) return notReached(detail)
  return notDone(status, detail)
}

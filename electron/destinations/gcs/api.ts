import * as z from 'zod'
import { isAbort, QuaysideError } from '../../../shared/errors.ts'
import { nameTaken, notDone, notReached } from '../destination.ts'

export interface Account {
  email: string
  key: string
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** A whole address, or a path behind the endpoint. */
  url: string
  headers?: Record<string, string>
  body?: Buffer<ArrayBuffer> | string
  signal: AbortSignal
  /** Statuses that are an answer rather than a failure, beside those below 300. */
  also?: readonly number[]
}

/** Calls of the JSON API, each with its token; failures in words. */
export interface Api {
  call(request: ApiRequest): Promise<Response>
}

const google = 'https://storage.googleapis.com'
const scope = 'https://www.googleapis.com/auth/devstorage.read_write'
const tries = 3
/** For one request and the head of its answer: as long as a slow line needs for a large part. */
const requestMs = 300_000

/** Every call here can be repeated: those that make something carry what makes them harmless twice. */
export function createApi(bucket: string, endpoint: string, account: Account): Api {
  let login: Promise<{ getAccessToken(): Promise<{ token?: string | null }> }> | undefined
  const token = async (): Promise<string | undefined> => {
    // An endpoint of one's own is no place to send a login of Google to.
    if (endpoint !== '') return undefined
    login ??= import('google-auth-library').then(
      ({ JWT }) => new JWT({ email: account.email, key: account.key, scopes: [scope] }),
    )
    return (await (await login).getAccessToken()).token ?? undefined
  }
  const once = async ({ method, url, headers, body, signal }: ApiRequest): Promise<Response> => {
    const bearer = await token()
    // It ends the wait for the answer's head; what follows is watched by whoever reads it.
    const slow = new AbortController()
    const timer = setTimeout(
      () => slow.abort(new DOMException('no answer', 'TimeoutError')),
      requestMs,
    )
    try {
      return await fetch(
        url.startsWith('/') ? `${endpoint === '' ? google : endpoint}${url}` : url,
        {
          method,
          headers: {
            'accept-encoding': 'identity',
            ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
            ...headers,
          },
          ...(body !== undefined && { body }),
          signal: AbortSignal.any([signal, slow.signal]),
          redirect: 'manual',
        },
      )
    } finally {
      clearTimeout(timer)
    }
  }
  const call = async (request: ApiRequest): Promise<Response> => {
    for (let attempt = 1; ; attempt += 1) {
      let failure: unknown
      try {
        const answer = await once(request)
        if (answer.status < 300 || request.also?.includes(answer.status) === true) return answer
        failure = await answerError(answer, bucket)
        if (answer.status < 500 && answer.status !== 429 && answer.status !== 408) throw failure
      } catch (thrown) {
        request.signal.throwIfAborted()
        if (thrown === failure) throw thrown
        failure = callError(thrown)
      }
      if (attempt === tries) throw failure
      await pause(200 * 2 ** attempt, request.signal)
    }
  }
  return { call }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal.reason instanceof Error ? signal.reason : new Error('cancelled'))
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
  })
}

const errorSchema = z.object({
  error: z.object({
    message: z.string().default(''),
    errors: z.array(z.object({ reason: z.string().default('') })).default([]),
  }),
})

/** What the bucket said, in words. */
async function answerError(answer: Response, bucket: string): Promise<QuaysideError> {
  const text = (await answer.text().catch(() => '')).slice(0, 4000)
  const parsed = errorSchema.safeParse(jsonOf(text)).data?.error
  const reason = parsed?.errors[0]?.reason ?? ''
  const detail = [answer.status, reason, parsed?.message].filter((part) => part !== '').join(': ')
  switch (answer.status) {
    case 401:
      return new QuaysideError('destination_denied', 'The credentials have expired or are wrong.', {
        hint: 'Give a new key of the service account.',
        detail,
      })
    case 403:
      if (/quota|limitExceeded/i.test(reason))
        return new QuaysideError('destination_full', `A limit of ${bucket} is reached.`, {
          hint: 'Raise the quota or make space, then retry.',
          detail,
        })
      return new QuaysideError('destination_denied', 'The destination refuses these credentials.', {
        hint: 'Give the service account the role Storage Object Admin on the bucket.',
        detail,
      })
    case 404:
      if (/bucket/i.test(parsed?.message ?? ''))
        return new QuaysideError('destination_failed', `There is no bucket ${bucket}.`, {
          hint: 'Check the bucket’s name; Quayside makes no bucket by itself.',
          detail,
        })
      return new QuaysideError('not_found', 'The destination has no such object.', { detail })
    case 412:
      return nameTaken(detail)
    default:
      return notDone(answer.status, detail)
  }
}

function callError(thrown: unknown): unknown {
  if (thrown instanceof QuaysideError) return thrown
  if (!(thrown instanceof Error)) return thrown
  if (isAbort(thrown) && thrown.name !== 'TimeoutError') return thrown
  const cause = thrown.cause instanceof Error ? `: ${thrown.cause.message}` : ''
  const detail = `${thrown.message}${cause}`
  if (/invalid_grant|invalid jwt|iat|clock/i.test(detail))
    return new QuaysideError('destination_denied', 'Google refuses the service account’s login.', {
      hint: 'Check this computer’s clock, and whether the key was revoked.',
      detail,
    })
  if (/PEM|DECODER|private key/i.test(detail))
    return new QuaysideError('destination_denied', 'The service account’s key can’t be read.', {
      hint: 'Give its JSON key file again, unchanged.',
    })
  return notReached(detail)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

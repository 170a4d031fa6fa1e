import { QuaysideError, isAbort, type ErrorCode } from '../../../../shared/errors.ts'

/** Where a failure was seen: in a part of the pipeline by its name, at the sink's mouth, or around it. */
export interface Failure {
  at: 'part' | 'mouth' | 'sink' | 'around'
  name: string
  error: unknown
}

/**
 * Of all that failed one after the other, the one that made the others fail. A stream that is torn
 * down tells of it by an error of its own, which says nothing; and a sink that fails first breaks its
 * input before it tells why.
 */
export function firstCause(failures: readonly Failure[], code: ErrorCode): unknown {
  const [first] = failures
  if (!first) return new Error('failed without a failure')
  if (first.at === 'mouth' || first.at === 'sink') {
    const told = failures.find(({ at, error }) => at === 'sink' && !isTeardown(error))
    if (told) return told.error
  }
  if (first.at === 'around' || !isTeardown(first.error)) return first.error
  const real = failures.find(({ error }) => !isTeardown(error))
  return real?.error ?? endedEarly(first, code)
}

/** True for what a stream says when another one took it down. */
function isTeardown(error: unknown): boolean {
  if (isAbort(error)) return true
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ERR_STREAM_DESTROYED'
}

function endedEarly({ name, error }: Failure, code: ErrorCode): QuaysideError {
  return new QuaysideError(code, `The data broke off at ${name}.`, {
    hint: 'Try again.',
    cause: error,
  })
}

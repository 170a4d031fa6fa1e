import * as z from 'zod'
import { isAbort, QuaysideError } from '../../../shared/errors.ts'

/** What docker-modem throws: an error with the HTTP status, or a socket's error. */
const thrownSchema = z.object({
  message: z.string().catch(''),
  code: z.string().optional().catch(undefined),
  statusCode: z.number().nullish().catch(undefined),
  json: z.object({ message: z.string() }).nullish().catch(undefined),
})

/** The one place where Docker's answers become errors a user can act on. */
export function dockerError(thrown: unknown, signal?: AbortSignal): unknown {
  if (thrown instanceof QuaysideError) return thrown
  const cause = causeOf(thrown)
  if (cause !== null) return cause
  if (signal?.aborted === true && signal.reason instanceof Error) return signal.reason
  if (isAbort(thrown)) return thrown
  const known = thrownSchema.safeParse(thrown)
  if (!known.success) return thrown
  const { code, statusCode, json, message } = known.data
  const words = json?.message ?? message
  if (statusCode === undefined || statusCode === null) return socketError(code, words)
  return answerError(statusCode, words)
}

/** An error of the link is passed on as it is, also where a stream wrapped it. */
function causeOf(thrown: unknown): QuaysideError | null {
  if (!(thrown instanceof Error)) return null
  return thrown.cause instanceof QuaysideError ? thrown.cause : null
}

function socketError(code: string | undefined, words: string): QuaysideError {
  switch (code) {
    case 'ENOENT':
      return new QuaysideError('docker_missing', 'Docker was not found.', {
        hint: 'Its socket does not exist. Install Docker there, or start it.',
        detail: words,
      })
    case 'EACCES':
    case 'EPERM':
      return new QuaysideError('docker_denied', 'This user may not use Docker.', {
        hint: 'Run “sudo usermod -aG docker USER” there and log in again.',
        detail: words,
      })
    default:
      return dockerDown(words)
  }
}

/** The daemon does not answer, or broke off. */
export function dockerDown(detail: string): QuaysideError {
  return new QuaysideError('docker_down', 'Docker does not answer.', {
    hint: 'Check that the daemon runs there: “systemctl status docker”. Quayside tries again by itself.',
    detail,
  })
}

/**
 * An error that Docker answered with. The words are matched since Docker has no finer codes.
 * @param status the HTTP status; 200 for an error inside a stream
 */
export function answerError(status: number, words: string): QuaysideError {
  const detail = `${status}: ${words}`
  if (/no space left on device/i.test(words)) {
    return new QuaysideError('disk_full', 'The disk of the host is full.', {
      hint: 'Free space there (“docker system df” shows what Docker holds), then retry.',
      detail,
    })
  }
  if (/port is already allocated|address already in use|ports are not available/i.test(words)) {
    const port = /:(\d+)(?::| failed|: bind|$)/.exec(words)?.[1]
    return new QuaysideError(
      'port_taken',
      port === undefined ? 'The port is taken.' : `Port ${port} is taken.`,
      { hint: 'Another program on the host holds it. Free the port, then retry.', detail },
    )
  }
  if (/shutting down|daemon is not running|connection refused.*docker/i.test(words)) {
    return dockerDown(detail)
  }
  if (status === 409 && /name .* is already in use/i.test(words)) {
    return new QuaysideError('name_taken', 'A container of that name exists already.', {
      hint: 'Choose another name.',
      detail,
    })
  }
  if (status === 404 && /no such container/i.test(words)) {
    return new QuaysideError('container_missing', 'The container is gone.', {
      hint: 'It was removed outside Quayside.',
      detail,
    })
  }
  if (status === 403) {
    return new QuaysideError('docker_denied', 'Docker refused this.', {
      hint: 'An authorization plug-in or a policy on the host forbids it.',
      detail,
    })
  }
  return new QuaysideError('docker_failed', 'Docker could not do this.', {
    hint: 'The technical cause says what Docker answered.',
    detail,
  })
}

/** An error while pulling; unlike elsewhere most of them are of the registry or the network. */
export function pullError(status: number, words: string, reference: string): QuaysideError {
  const general = answerError(status, words)
  if (general.code === 'disk_full' || general.code === 'docker_down') return general
  const detail = `${status}: ${words}`
  if (
    /manifest.*(?:unknown|not found)|not found|no such image|pull access denied|repository does not exist|invalid reference/i.test(
      words,
    )
  ) {
    return new QuaysideError('image_not_found', `The image ${reference} was not found.`, {
      hint: 'Check the version. The registry the host pulls from does not have it.',
      detail,
      field: 'version',
    })
  }
  return new QuaysideError('pull_failed', `The image ${reference} could not be pulled.`, {
    hint: 'The host could not load it from its registry. Check its network, then retry.',
    detail,
  })
}

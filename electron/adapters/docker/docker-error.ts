import { userInfo } from 'node:os'
import * as z from 'zod'
import { isAbort, QuaysideError, type ErrorDetails } from '../../../shared/errors.ts'

/** The one place where what Docker and its socket say becomes errors a user can act on. */
export function dockerError(thrown: unknown, signal?: AbortSignal): unknown {
  if (thrown instanceof QuaysideError) return thrown
  // An error of the link is passed on as it is, also where a stream wrapped it.
  if (thrown instanceof Error && thrown.cause instanceof QuaysideError) return thrown.cause
  if (signal?.aborted === true && signal.reason instanceof Error) return signal.reason
  if (isAbort(thrown)) return thrown
  const refusal = refusalOf(thrown)
  if (refusal !== null) return answerError(refusal.status, refusal.words)
  if (thrown instanceof z.ZodError) return unexpected(z.prettifyError(thrown))
  if (!(thrown instanceof Error)) return thrown
  return 'code' in thrown && typeof thrown.code === 'string'
    ? socketError(thrown.code, thrown.message)
    : unexpected(thrown.message)
}

/** What docker-modem makes of an answer that is a refusal. */
const refusalSchema = z.object({ message: z.string(), statusCode: z.number() })

/** Docker's refusal: the HTTP status and its own words. Null for every other error. */
export function refusalOf(thrown: unknown): { status: number; words: string } | null {
  const parsed = refusalSchema.safeParse(thrown)
  if (!parsed.success) return null
  const words = parsed.data.message.replace(/^\(HTTP code \d+\) .*? - /, '').trim()
  return { status: parsed.data.statusCode, words }
}

function socketError(code: string, detail: string): QuaysideError {
  if (code.startsWith('HPE_')) {
    return new QuaysideError('docker_failed', 'What answers there is not Docker.', {
      hint: 'Check the path of Docker’s socket.',
      detail,
    })
  }
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENOTSOCK':
    case 'EPROTOTYPE':
    case 'ENAMETOOLONG':
    case 'EINVAL':
      return dockerMissing(detail)
    case 'EACCES':
    case 'EPERM':
      return new QuaysideError('docker_denied', 'You may not use Docker here.', {
        hint: `Run “sudo usermod -aG docker ${userName()}”, log out and in again, then retry.`,
        detail,
      })
    default:
      return dockerDown(detail)
  }
}

function userName(): string {
  try {
    return userInfo().username
  } catch {
    // A user without an entry in the system's list has no name.
    return 'USER'
  }
}

/** No socket of Docker's at the path. */
export function dockerMissing(detail: string): QuaysideError {
  return new QuaysideError('docker_missing', 'Docker was not found.', {
    hint: 'There is no socket of Docker’s at that path. Install or start Docker, or give another path.',
    detail,
  })
}

/** The daemon does not answer, or broke off. */
export function dockerDown(detail: string): QuaysideError {
  return new QuaysideError('docker_down', 'Docker does not answer.', {
    hint: 'Check that the daemon runs there: “systemctl status docker”. Quayside tries again by itself.',
    detail,
  })
}

function unexpected(detail: string): QuaysideError {
  return new QuaysideError('docker_failed', 'Docker gave an answer that can’t be read.', {
    hint: 'Retry. If it stays, report it with the technical cause.',
    detail,
  })
}

type Meaning = (words: string, detail: string) => QuaysideError | null

/** A cause that is known by its status (any where none is given) and words: Docker has no finer codes. */
function when(
  status: number | null,
  words: RegExp,
  ...error: [QuaysideError['code'], string, string]
): Meaning {
  const [code, message, hint] = error
  return (said, detail) =>
    (status === null || detail.startsWith(`${status}:`)) && words.test(said)
      ? new QuaysideError(code, message, { hint, detail })
      : null
}

/** Also what it says of its own files of networks, which it closes before it stops to answer. */
const goingDown =
  /shutting down|daemon is not running|update store for object type .*(open : no such file|database not open)/i

/** From the cause that matters most to the one that matters least. */
const meanings: readonly Meaning[] = [
  when(
    null,
    /no space left on device|disk quota exceeded/i,
    'disk_full',
    'The disk of the host is full.',
    'Free space there (“docker system df” shows what Docker holds), then retry.',
  ),
  portTaken,
  (words, detail) => (goingDown.test(words) ? dockerDown(detail) : null),
  when(
    null,
    /cannot join network of a non running container/i,
    'engine_not_ready',
    'The database does not run.',
    'Start it, then retry.',
  ),
  when(
    409,
    /name .* is already in use/i,
    'name_taken',
    'A container of that name exists already.',
    'Choose another name.',
  ),
  when(
    404,
    /no such container/i,
    'container_missing',
    'The container is gone.',
    'It was removed outside Quayside.',
  ),
  when(
    404,
    /no such image/i,
    'image_not_found',
    'The image is gone from the host.',
    'It was removed there meanwhile. Retry: it is then pulled again.',
  ),
  when(
    404,
    /no such volume/i,
    'volume_missing',
    'The volume is gone.',
    'It was removed outside Quayside.',
  ),
  when(
    null,
    /invalid mount config for type "bind"/i,
    'volume_missing',
    'The folder for the data is not on the host.',
    'Mount its disk or bring it back, then retry.',
  ),
  when(
    null,
    /error while creating mount source path|error mounting .* not a directory/is,
    'volume_missing',
    'The data directory can’t be made on the host.',
    'Make it there, or choose another one for the host, then create the database again.',
  ),
  when(
    403,
    /^/,
    'docker_denied',
    'Docker refused this.',
    'An authorization plug-in or a policy on the host forbids it.',
  ),
]

function portTaken(words: string, detail: string): QuaysideError | null {
  const taken =
    /port is already allocated|address already in use|ports are not available|only one usage of each socket address/i
  if (!taken.test(words)) return null
  const port = /(?:\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]*\]|::):(\d+)/i.exec(words)?.[1]
  const message = port === undefined ? 'The port is taken.' : `Port ${port} is taken.`
  const hint = 'Another program on the host holds it. Free the port, then retry.'
  const more: ErrorDetails = { hint, detail, ...(port !== undefined && { facts: { port } }) }
  return new QuaysideError('port_taken', message, more)
}

/**
 * A refusal of Docker's.
 * @param status the HTTP status; 200 for an error inside a stream
 */
export function answerError(status: number, words: string): QuaysideError {
  const detail = `${status}: ${words}`
  for (const meaning of meanings) {
    const error = meaning(words, detail)
    if (error !== null) return error
  }
  return new QuaysideError('docker_failed', 'Docker could not do this.', {
    hint: 'The technical cause says what Docker answered.',
    detail,
  })
}

/** The registry could not be asked at all, whatever else the words say. */
const unreachable =
  /dial tcp|no such host|server misbehaving|i\/o timeout|TLS handshake|x509|connection re(?:fused|set)|proxyconnect|unexpected EOF|context deadline|Client\.Timeout/i
const notThere =
  /manifest.*(?:unknown|not found)|repository .*not found|no such image|pull access denied|repository does not exist|invalid reference|: not found\b|no matching manifest/i

/** An error while pulling; unlike elsewhere most of them are of the registry or the network. */
export function pullError(status: number, words: string, reference: string): QuaysideError {
  const general = answerError(status, words)
  if (general.code === 'disk_full' || general.code === 'docker_down') return general
  const detail = `${status}: ${words}`
  if (!unreachable.test(words) && notThere.test(words)) {
    return new QuaysideError('image_not_found', `The image ${reference} was not found.`, {
      hint: 'Check the version. The registry the host pulls from does not have it.',
      detail,
      field: 'version',
    })
  }
  return new QuaysideError('pull_failed', `The image ${reference} could not be pulled.`, {
    hint: /toomanyrequests|rate limit/i.test(words)
      ? 'The registry lets this host pull no more for now. Wait an hour, or log in there with “docker login”.'
      : 'The host could not load it from its registry. Check its network, then retry.',
    detail,
  })
}

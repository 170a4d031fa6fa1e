import { Readable } from 'node:stream'
import type Dockerode from 'dockerode'
import * as z from 'zod'
import type { PullOptions } from '../../domain/ports.ts'
import { abortable, call, orNull, reasonOf } from './call.ts'
import { answerError, dockerError, pullError, refusalOf } from './docker-error.ts'
import { readPull } from './pull.ts'

/** No line of a pull for this long is a pull that hangs: layers being unpacked report too. */
const silentPullMs = 180_000

const imageSchema = z.object({ Id: z.string() }).loose()

/** The id of an image that is there, else null. */
export async function imageId(
  docker: Dockerode,
  reference: string,
  abortSignal: AbortSignal,
): Promise<string | null> {
  const answer = await orNull(() => docker.getImage(reference).inspect(abortable({}, abortSignal)))
  return answer === null ? null : imageSchema.parse(answer).Id
}

const listedSchema = z.array(z.object({ RepoTags: z.array(z.string()).nullish() }).loose())

/** As `Docker.listImages`. */
export async function listImages(
  docker: Dockerode,
  repositories: readonly string[],
  abortSignal: AbortSignal,
): Promise<string[]> {
  const filters = { reference: [...repositories] }
  const images = listedSchema.parse(await docker.listImages({ filters, abortSignal }))
  // An image has all its tags, those of other repositories too.
  return images
    .flatMap(({ RepoTags: tags }) => tags ?? [])
    .filter((tag) => repositories.some((repository) => tag.startsWith(`${repository}:`)))
}

/** As `Docker.ensureImage`. */
export async function ensureImage(
  { calls, streams }: { calls: Dockerode; streams: Dockerode },
  reference: string,
  options: PullOptions,
): Promise<{ id: string; pulled: boolean }> {
  const present = await call(options, (signal) => imageId(calls, reference, signal))
  if (present !== null) return { id: present, pulled: false }
  await pull(streams, reference, options)
  // The report of a pull is only a report: what counts is that the image is there now.
  const id = await call(options, (signal) => imageId(calls, reference, signal))
  if (id === null)
    throw pullError(404, 'manifest unknown: it is not there after the pull', reference)
  return { id, pulled: true }
}

async function pull(docker: Dockerode, reference: string, options: PullOptions): Promise<void> {
  const controller = new AbortController()
  const { signal } = controller
  const stop = (): void => controller.abort(options.signal?.reason)
  options.signal?.addEventListener('abort', stop, { once: true })
  if (options.signal?.aborted === true) stop()
  const silence = setTimeout(() => {
    controller.abort(pullError(200, `nothing was heard for ${silentPullMs / 1000} s`, reference))
  }, silentPullMs)
  try {
    const answer = await docker.createImage(abortable({ fromImage: tagged(reference) }, signal))
    const report = asReadable(answer)
    signal.addEventListener('abort', () => report.destroy(reasonOf(signal)))
    for await (const progress of readPull(report, reference)) {
      silence.refresh()
      if (progress !== null) options.onProgress?.(progress)
    }
    signal.throwIfAborted()
  } catch (thrown) {
    const refusal = refusalOf(thrown)
    if (refusal !== null) throw pullError(refusal.status, refusal.words, reference)
    throw dockerError(thrown, signal)
  } finally {
    clearTimeout(silence)
    options.signal?.removeEventListener('abort', stop)
  }
}

/** Without a tag or digest Docker would pull every tag there is. */
function tagged(reference: string): string {
  return /@|:[^/]+$/.test(reference) ? reference : `${reference}:latest`
}

/** What dockerode calls a stream, as one that can be destroyed. */
export function asReadable(stream: NodeJS.ReadableStream): Readable {
  if (stream instanceof Readable) return stream
  throw answerError(200, 'the answer is no stream')
}

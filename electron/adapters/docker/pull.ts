import type { Readable } from 'node:stream'
import * as z from 'zod'
import type { PullProgress } from '../../domain/ports.ts'
import { pullError } from './docker-error.ts'
import { ndjson } from './ndjson.ts'

const lineSchema = z.object({
  status: z.string().optional(),
  id: z.string().optional(),
  progressDetail: z
    .object({ current: z.number().optional(), total: z.number().optional() })
    .optional(),
  error: z.string().optional(),
  errorDetail: z.object({ message: z.string() }).optional(),
})
type Line = z.infer<typeof lineSchema>

interface Layer {
  bytes: number
  total: number
  done: boolean
}

/**
 * Reads Docker's report of a pull to its end: the sum over all layers after each line that changed it,
 * null after every other line. The HTTP status says 200 before anything was loaded, so an error comes
 * as a line: https://docs.docker.com/reference/api/engine/ (ImageCreate).
 * @throws QuaysideError as `pullError`; the stream's own error when it breaks off
 */
export async function* readPull(
  report: Readable,
  reference: string,
): AsyncGenerator<PullProgress | null> {
  const layers = new Map<string, Layer>()
  for await (const value of ndjson(report)) {
    const line = lineSchema.parse(value)
    const error = line.errorDetail?.message ?? line.error
    if (error !== undefined) throw pullError(200, error, reference)
    yield follow(layers, line) ? sum(layers) : null
  }
}

/** Whether the line told something of a layer's download. */
function follow(layers: Map<string, Layer>, { id, status, progressDetail }: Line): boolean {
  if (id === undefined) return false
  const layer = layers.get(id) ?? { bytes: 0, total: 0, done: false }
  switch (status) {
    case 'Pulling fs layer':
    case 'Waiting':
      break
    case 'Downloading':
      layer.bytes = progressDetail?.current ?? layer.bytes
      layer.total = Math.max(progressDetail?.total ?? 0, layer.total, layer.bytes)
      break
    case 'Download complete':
      layer.bytes = layer.total
      break
    case 'Pull complete':
    case 'Already exists':
      layer.bytes = layer.total
      layer.done = true
      break
    default:
      return false
  }
  layers.set(id, layer)
  return true
}

function sum(layers: ReadonlyMap<string, Layer>): PullProgress {
  const all = [...layers.values()]
  return {
    bytes: all.reduce((bytes, layer) => bytes + layer.bytes, 0),
    totalBytes: all.reduce((total, layer) => total + layer.total, 0),
    layers: all.length,
    layersDone: all.filter((layer) => layer.done).length,
  }
}

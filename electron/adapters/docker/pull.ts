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

interface Layer {
  bytes: number
  total: number
  done: boolean
}

/**
 * Reads Docker's report of a pull to its end. The HTTP status says 200 before anything was loaded, so
 * an error comes as a line: https://docs.docker.com/reference/api/engine/ (ImageCreate).
 * @throws QuaysideError as `pullError`; the stream's own error when it breaks off
 */
export async function readPull(
  stream: Readable,
  reference: string,
  onProgress: (progress: PullProgress) => void,
): Promise<void> {
  const layers = new Map<string, Layer>()
  for await (const value of ndjson(stream)) {
    const line = lineSchema.parse(value)
    const error = line.errorDetail?.message ?? line.error
    if (error !== undefined) throw pullError(200, error, reference)
    if (line.id === undefined || line.status === undefined) continue
    if (!follow(layers, line.id, line.status, line.progressDetail)) continue
    onProgress(sum(layers))
  }
}

function follow(
  layers: Map<string, Layer>,
  id: string,
  status: string,
  detail: { current?: number | undefined; total?: number | undefined } | undefined,
): boolean {
  const layer = layers.get(id) ?? { bytes: 0, total: 0, done: false }
  switch (status) {
    case 'Pulling fs layer':
    case 'Waiting':
      break
    case 'Downloading':
      layer.bytes = detail?.current ?? layer.bytes
      layer.total = detail?.total ?? layer.total
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

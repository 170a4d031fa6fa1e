import { Readable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { PullProgress } from '../../domain/ports.ts'
import { readPull } from './pull.ts'

async function read(lines: readonly object[]): Promise<(PullProgress | null)[]> {
  const text = lines.map((line) => `${JSON.stringify(line)}\r\n`).join('')
  const progress = []
  for await (const one of readPull(Readable.from([Buffer.from(text)]), 'postgres:15')) {
    progress.push(one)
  }
  return progress
}

describe('the report of a pull', () => {
  it('is summed over the layers', async () => {
    const loading = (id: string, current: number, total: number) => ({
      status: 'Downloading',
      id,
      progressDetail: { current, total },
    })
    const progress = await read([
      { status: 'Pulling from library/postgres', id: '15' },
      { status: 'Already exists', progressDetail: {}, id: 'a' },
      { status: 'Pulling fs layer', progressDetail: {}, id: 'b' },
      { status: 'Pulling fs layer', progressDetail: {}, id: 'c' },
      loading('b', 10, 100),
      loading('c', 20, 50),
      { status: 'Download complete', progressDetail: {}, id: 'c' },
      loading('b', 100, 100),
      { status: 'Extracting', progressDetail: { current: 5, total: 100 }, id: 'b' },
      { status: 'Pull complete', progressDetail: {}, id: 'b' },
      { status: 'Pull complete', progressDetail: {}, id: 'c' },
      { status: 'Digest: sha256:0f' },
      { status: 'Status: Downloaded newer image for postgres:15' },
    ])
    const told = progress.filter((one) => one !== null)
    expect(told).toHaveLength(9)
    expect(told[4]).toEqual({ bytes: 30, totalBytes: 150, layers: 3, layersDone: 1 })
    expect(told.at(-1)).toEqual({ bytes: 150, totalBytes: 150, layers: 3, layersDone: 3 })
  })

  // https://github.com/apocas/docker-modem/pull/146: such a pull was reported as a success.
  it('fails with an error that comes inside a 200', async () => {
    const lines = [
      { status: 'Pulling fs layer', id: 'a' },
      {
        errorDetail: { message: 'manifest unknown: manifest unknown' },
        error: 'manifest unknown: manifest unknown',
      },
    ]
    await expect(read(lines)).rejects.toMatchObject({ code: 'image_not_found' })
    const full = { errorDetail: { message: 'write /x: no space left on device' } }
    await expect(read([full])).rejects.toMatchObject({ code: 'disk_full' })
  })
})

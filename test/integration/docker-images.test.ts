import { afterAll, describe, expect, it } from 'vitest'
import type { PullProgress } from '../../electron/domain/ports.ts'
import { openLab } from '../lab/lab.ts'
import { dockerAt, image, localSocket } from './docker-bench.ts'

const lab = await openLab()
const socket = lab.hosts.find(({ name }) => name === 'h2')?.dockerSocket ?? localSocket()
const docker = dockerAt(socket)

afterAll(async () => {
  await lab.fault.clear()
  await docker.ensureImage(image)
})

async function forget(): Promise<void> {
  await lab.docker('h2', ['image', 'rm', '--force', image])
  expect(await docker.hasImage(image)).toBe(false)
}

describe('an image', () => {
  it('is pulled with its progress told, and taken from the host the next time', async () => {
    await forget()
    const told: PullProgress[] = []
    const pulled = await docker.ensureImage(image, { onProgress: (one) => told.push(one) })
    expect(pulled).toEqual({ id: expect.stringMatching(/^sha256:/) as string, pulled: true })
    const last = told.at(-1)
    expect(last?.bytes).toBeGreaterThan(10 * 2 ** 20)
    expect(last).toMatchObject({ bytes: last?.totalBytes, layersDone: last?.layers })
    for (const { bytes, totalBytes } of told) expect(bytes).toBeLessThanOrEqual(totalBytes)

    // By its repository, as a tool does that any version will do for.
    expect(await docker.listImages([image.split(':')[0] ?? ''])).toContain(image)
    expect(await docker.listImages(['no-such-image-at-all'])).toEqual([])
    await lab.fault.registry.stop()
    const again = await docker.ensureImage(image, { onProgress: () => expect.unreachable() })
    await lab.fault.registry.start()
    expect(again).toEqual({ ...pulled, pulled: false })
  })

  it.each(['postgres:99', 'no-such-image-at-all:1'])('%s is not there', async (reference) => {
    await expect(docker.ensureImage(reference)).rejects.toMatchObject({
      code: 'image_not_found',
      field: 'version',
    })
  })

  it('whose pull is aborted is not pulled', async () => {
    await forget()
    const controller = new AbortController()
    const reason = new Error('enough')
    const pulling = docker.ensureImage(image, {
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
    await expect(pulling).rejects.toBe(reason)
    await expect(docker.ensureImage(image, { signal: controller.signal })).rejects.toBe(reason)
    expect(await docker.hasImage(image)).toBe(false)
  })

  it('whose pull is cut by the end of dockerd is an error, and is pulled afterwards', async () => {
    await forget()
    let killed: Promise<void> | undefined
    const pulling = docker.ensureImage(image, {
      onProgress: ({ bytes }) => {
        if (bytes > 0) killed ??= lab.fault.docker.kill('h2')
      },
    })
    await expect(pulling).rejects.toMatchObject({ code: 'docker_down' })
    await killed
    await lab.fault.docker.start('h2')
    expect(await docker.ensureImage(image)).toMatchObject({ pulled: true })
  })
})

import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { markerName, type Destination } from '../../electron/destinations/destination.ts'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { createHostVolumes } from '../../electron/domain/backups/host-volumes.ts'
import type { Host } from '../../electron/domain/ports.ts'
import { QuaysideError } from '../../shared/errors.ts'
import { kindOf } from '../conformance/destination-kinds.ts'
import { all, bytesOf, chunks, failing, never } from '../conformance/destination-suite.ts'
import { openLabHost } from './backup-rig.ts'
import { freshName, image } from './docker-bench.ts'

// Each act starts a container, so this is the heart of the conformance suite and not all of it.
const hostId = '6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c11'
const volume = freshName('quayside-destination')
let host: Host
let close: () => Promise<void>
let d: Destination

const open = (place: string, marked = false): Destination =>
  kindOf(destinationKinds, 'server-folder').open(
    { host: hostId, place },
    {},
    {
      marked,
      volumes: createHostVolumes({
        registry: { ready: () => Promise.resolve(host) },
        imageFor: () => Promise.resolve(image),
      }),
    },
  )
const everything = async (): Promise<string> => {
  const { output } = await host.docker().runOnce({
    name: freshName('look'),
    image,
    command: ['/bin/sh', '-c', 'find /look -type f'],
    labels: {},
    bind: { source: volume, target: '/look', create: true },
  })
  return output.trim()
}

beforeAll(async () => {
  ;({ host, close } = await openLabHost())
  d = open(volume)
})
afterAll(async () => {
  await host.docker().removeVolume(volume)
  await close()
})

it('never takes a volume that is missing for an empty one', async () => {
  const missing = { code: 'destination_unreachable' }
  await expect(all(d, '')).rejects.toMatchObject(missing)
  await expect(d.stat('a.dump', { signal: never() })).rejects.toMatchObject(missing)
  const folder = open(`/srv/${freshName('none')}`)
  await expect(all(folder, '')).rejects.toMatchObject(missing)
})

it('never takes an empty mount point for a folder that is marked', async () => {
  // A folder that every host has and nothing of ours is in.
  const marked = open('/srv', true)
  const away = {
    code: 'destination_unreachable',
    message: expect.stringContaining(markerName) as string,
  }
  const put = marked.put('a.dump', chunks(randomBytes(300_000)), {
    signal: never(),
    exclusive: false,
  })
  await expect(put).rejects.toMatchObject(away)
  await expect(all(marked, '')).rejects.toMatchObject(away)
  await expect(marked.stat('a.dump', { signal: never() })).rejects.toMatchObject(away)
})

it('gives back what was put, whole and from a byte on, and lists it', async () => {
  const content = randomBytes(3_000_001)
  const put = d.put('one/a.dump', chunks(content), { signal: never(), exclusive: false })
  expect(await put).toEqual({ bytes: content.length })
  expect((await bytesOf(await d.get('one/a.dump', { signal: never() }))).equals(content)).toBe(true)
  const rest = await bytesOf(await d.get('one/a.dump', { signal: never(), from: 2_000_000 }))
  expect(rest.equals(content.subarray(2_000_000))).toBe(true)
  expect(await all(d, 'one/')).toMatchObject([{ name: 'one/a.dump', bytes: content.length }])
  expect(await all(d, 'two/')).toEqual([])
  await expect(d.get('one/b.dump', { signal: never() })).rejects.toMatchObject({
    code: 'not_found',
  })
})

it('puts exclusively, and leaves nothing of content that fails or is cancelled', async () => {
  const again = d.put('one/a.dump', chunks(Buffer.from('x')), { signal: never(), exclusive: true })
  await expect(again).rejects.toMatchObject({ code: 'name_taken' })
  const gate = new QuaysideError('backup_failed', 'The dump is not whole.')
  const bad = d.put('one/c.dump', failing(2_000_000, gate), { signal: never(), exclusive: false })
  await expect(bad).rejects.toBe(gate)
  const cancel = new AbortController()
  const slow = chunks(Buffer.alloc(50_000_000))
  slow.once('data', () => setTimeout(() => cancel.abort(), 300))
  slow.pause()
  await expect(
    d.put('one/d.dump', slow, { signal: cancel.signal, exclusive: false }),
  ).rejects.toMatchObject({ name: 'AbortError' })
  expect(await everything()).toBe('/look/one/a.dump')
  await d.remove('one/a.dump', { signal: never() })
  await d.remove('one/a.dump', { signal: never() })
  expect(await everything()).toBe('')
})

it('is rid of what killed puts have left, of the wanted names alone, and of who still writes', async () => {
  const leave = `cd /look; mkdir -p kill; echo half >kill/.a-1.dump.0123abcd.part
    echo half >kill/.a-2.dump.0123abcd.part; echo whole >kill/a-1.manifest.json`
  await host.docker().runOnce({
    name: freshName('leave'),
    image,
    command: ['/bin/sh', '-c', leave],
    labels: {},
    bind: { source: volume, target: '/look', create: true },
  })
  // Of a program that is gone nobody ends the input.
  const endless = new Readable({ read: () => undefined })
  endless.push(Buffer.alloc(100_000))
  const left = d.put('kill/a-1.roles.json', endless, { signal: never(), exclusive: false })
  left.catch(() => undefined)
  const writing = async () =>
    (await host.docker().listContainers({ 'io.quayside.task': 'destination' })).filter(
      ({ labels, state }) =>
        labels['io.quayside.task.target']?.includes('kill/a-1.') === true && state === 'running',
    ).length
  await expect.poll(writing, { timeout: 20_000 }).toBe(1)
  await d.sweep({ signal: never(), olderThanMs: 0, prefix: 'kill/a-1.' })
  await expect(left).rejects.toThrow()
  expect(await writing()).toBe(0)
  expect((await everything()).split('\n').sort()).toEqual([
    '/look/kill/.a-2.dump.0123abcd.part',
    '/look/kill/a-1.manifest.json',
  ])
  expect(await d.sweep({ signal: never(), olderThanMs: 60_000 })).toBe(0)
  await d.sweep({ signal: never(), olderThanMs: 0, prefix: 'kill/' })
  await d.remove('kill/a-1.manifest.json', { signal: never() })
  expect(await everything()).toBe('')
})

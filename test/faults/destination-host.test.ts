import { randomBytes } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import type { Destination } from '../../electron/destinations/destination.ts'
import { destinationKinds } from '../../electron/destinations/index.ts'
import { createHostVolumes } from '../../electron/domain/backups/host-volumes.ts'
import { meter } from '../../electron/domain/backups/stream/meter.ts'
import { runPipeline } from '../../electron/domain/backups/stream/run-pipeline.ts'
import type { Host } from '../../electron/domain/ports.ts'
import { kindOf } from '../conformance/destination-kinds.ts'
import { all, bytesOf, chunks, never } from '../conformance/destination-suite.ts'
import { openLabHost } from '../integration/backup-rig.ts'
import { freshName, image } from '../integration/docker-bench.ts'
import { clock } from '../integration/ssh-connector.ts'
import { openLab } from '../lab/lab.ts'

// A volume of a host as the place of backups: its disk is full or stands still, the way to it is cut or stalls.

const lab = await openLab()
const hostId = '6fb0f4b4-1f3a-4b1e-9b5e-0f6c6a4c7c11'
const volume = freshName('quayside-destination')
const name = 'one/a-1.dump'
const content = randomBytes(12_000_000)
let host: Host
let close: () => Promise<void>
let d: Destination

beforeAll(async () => {
  ;({ host, close } = await openLabHost())
  d = kindOf(destinationKinds, 'server-folder').open(
    { host: hostId, place: volume },
    {},
    {
      volumes: createHostVolumes({
        registry: { ready: (_id, signal) => host.ready(signal).then(() => host) },
        imageFor: () => Promise.resolve(image),
      }),
    },
  )
  await d.put('one/a-0.dump', chunks(Buffer.from('earlier')), { signal: never(), exclusive: true })
})
afterEach(() => lab.fault.clear())
afterAll(async () => {
  await host.docker().removeVolume(volume)
  await close()
})

const put = () => d.put(name, chunks(content), { signal: never(), exclusive: true })
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'a put that went well',
    (error: unknown) => error,
  )

/** What a job does that goes on; then nothing is left, the earlier one is there, the put succeeds. */
async function expectMended(): Promise<void> {
  await lab.fault.clear()
  host.reconnect()
  await host.ready(AbortSignal.timeout(60_000))
  await d.sweep({ signal: never(), olderThanMs: 0, prefix: 'one/a-1.' })
  expect(await all(d, '')).toMatchObject([{ name: 'one/a-0.dump', bytes: 7 }])
  expect(await d.sweep({ signal: never(), olderThanMs: 0 })).toBe(0)
  const tasks = ['ps', '-aq', '--filter', `label=io.quayside.task.target=${volume}:${name}`]
  expect((await lab.docker('h1', tasks)).stdout.trim()).toBe('')
  expect(await put()).toEqual({ bytes: content.length })
  expect((await bytesOf(await d.get(name, { signal: never() }))).equals(content)).toBe(true)
  await d.remove(name, { signal: never() })
}

it('a full disk of the host is told as such, and nothing stays', async () => {
  await lab.fault.disk.fill('h1', 6_000_000)
  expect(await failure(put())).toMatchObject({ code: 'destination_full' })
  await expectMended()
})

it('a put that is cut half-way leaves nothing that the next try does not take away', async () => {
  await lab.fault.proxy.rate('h1', 2_000_000)
  const cut = failure(put())
  setTimeout(() => void lab.fault.proxy.cut('h1'), 1_500)
  expect(await cut).toMatchObject({ code: 'host_lost' })
  await expectMended()
})

it('a Docker that is restarted half-way is what a job tries again for', async () => {
  await lab.fault.proxy.rate('h1', 2_000_000)
  const cut = failure(put())
  setTimeout(() => void lab.fault.docker.restart('h1'), 1_500)
  expect(await cut).toMatchObject({ code: 'docker_down' })
  await expectMended()
})

/** As a copy is written, with less patience; the fault comes in the midst of it. */
function copyAmid(fault: () => Promise<unknown>): Promise<unknown> {
  let happened: Promise<unknown> | null = null
  const amid = meter(clock, ({ bytes }) => {
    if (bytes > 3_000_000) happened ??= fault()
  })
  return runPipeline({
    source: { name: 'the source', stream: chunks(content) },
    stages: [{ name: 'the transfer', stream: amid }],
    sink: {
      name: 'the destination',
      take: (from, signal) => d.put(name, from, { signal, exclusive: true }),
    },
    clock,
    stallMs: 3_000,
  })
}
const stalled = {
  code: 'stalled',
  message: expect.stringContaining('the destination stands still') as string,
}

it('a link that stalls amid a copy is noticed in the time for it, and goes on with the next try', async () => {
  await lab.fault.proxy.rate('h1', 2_000_000)
  const copied = failure(copyAmid(() => lab.fault.proxy.stall('h1')))
  expect(await copied).toMatchObject(stalled)
  await expectMended()
})

it('a host whose disk stands still is told likewise, and nothing stays where the link is fine', async () => {
  await lab.fault.proxy.rate('h1', 2_000_000)
  const writing = ['--filter', `label=io.quayside.task.target=${volume}:${name}`]
  const copied = failure(
    copyAmid(async () => {
      const { stdout } = await lab.docker('h1', ['ps', '-q', ...writing])
      await lab.docker('h1', ['pause', stdout.trim()])
    }),
  )
  expect(await copied).toMatchObject(stalled)
  expect((await lab.docker('h1', ['ps', '-aq', ...writing])).stdout.trim()).toBe('')
  expect(await d.sweep({ signal: never(), olderThanMs: 0, prefix: 'one/a-1.' })).toBe(0)
  await expectMended()
})

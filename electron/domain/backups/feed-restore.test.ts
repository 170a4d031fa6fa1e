import { createHash, randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BackupManifest } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { createClock } from '../../adapters/clock/index.ts'
import { createCodecs } from '../../adapters/compression/index.ts'
import { temporaryFolder } from '../../adapters/sqlite/fixtures.ts'
import type { Destination } from '../../destinations/destination.ts'
import { destinationKinds } from '../../destinations/index.ts'
import type { Engine } from '../../engines/engine.ts'
import type { Clock, Docker, StreamTask } from '../ports.ts'
import { feedRestore } from './feed-restore.ts'
import { someManifest } from './manifest-fixture.ts'
import { namesOf } from './view-backup.ts'

// A host that finds the dump not whole. The task there is played (a disk that spoils what it is given
// can't be had for real); the copy lies in a real folder.

const plain = randomBytes(400_000)
const sha256 = createHash('sha256').update(plain).digest('hex')
const { signal } = new AbortController()

let folder: ReturnType<typeof temporaryFolder>
let destination: Destination
let manifest: BackupManifest

beforeEach(async () => {
  folder = temporaryFolder()
  const never = (): never => {
    throw new Error('no host is asked')
  }
  const kind = destinationKinds.find(({ info }) => info.id === 'local-folder') ?? never()
  destination = kind.open({ folder: folder.path }, {}, { volumes: { at: never } })
  const stored = { bytes: plain.length, sha256 }
  const usual = someManifest()
  manifest = {
    ...usual,
    dump: {
      ...usual.dump,
      plainBytes: plain.length,
      plainSha256: sha256,
      compressedBytes: plain.length,
      compressedSha256: sha256,
    },
    object: { ...usual.object, ...stored },
  }
  const content = Readable.from([plain], { objectMode: false })
  await destination.put(namesOf(manifest).dump, content, { signal, exclusive: true })
})
afterEach(async () => {
  await destination.close()
  folder[Symbol.dispose]()
})

/**
 * @param reads how many bytes the task takes before it is over
 * @param silentBy the clock where the host never says how it ended
 */
function restore(reads: number, silentBy?: Clock): Promise<string[]> {
  let taken = 0
  let end: (code: number) => void = () => undefined
  const exit = new Promise<number>((resolve) => (end = resolve))
  const task: StreamTask = {
    id: 'played',
    stdin: new Writable({
      write(chunk: Buffer, _encoding, done) {
        taken += chunk.length
        if (taken <= reads) return done()
        if (silentBy === undefined) end(13)
        setImmediate(() => done(Object.assign(new Error('it is over'), { code: 'EPIPE' })))
      },
      final(done) {
        end(13)
        done()
      },
    }),
    stdout: Readable.from([]),
    stderr: () => '',
    exit,
    kill: () => Promise.resolve(),
    remove: () => Promise.resolve(),
  }
  const docker: Pick<Docker, 'startTask'> = { startTask: () => Promise.resolve(task) }
  const backup: Pick<Engine['backup'], 'restore'> = {
    restore: () => ({
      command: ['restore'],
      input: '',
      tmpfs: [],
      scratch: null,
      memoryBytes: 1,
      phaseIn: () => null,
      report: () => {
        throw new QuaysideError('backup_damaged', 'It is not whole here.', { detail: 'exit 13' })
      },
    }),
  }
  const lost = new AbortController().signal
  const bulk = { docker: () => docker as Docker, lost, close: () => Promise.resolve() }
  const findKey = () => Promise.reject(new Error('nothing is encrypted'))
  return feedRestore(
    { bulk, clock: silentBy ?? createClock(), codecs: createCodecs(), findKey },
    {
      engine: { backup } as Engine,
      manifest,
      destination,
      trust: 'known',
      roomBytes: 0,
      name: 'task',
      labels: {},
      imageId: 'image',
      containerId: 'container',
      target: { address: '', user: '', password: '', database: '' },
    },
    { signal, onFlow: () => undefined, onPhase: () => undefined },
  )
}

it.each([
  ['after it took all', Infinity],
  ['half-way', 100_000],
  ['before the first byte', 0],
])('a host that spoils a whole copy is told of, %s', async (_when, reads) => {
  await expect(restore(reads)).rejects.toMatchObject({
    code: 'restore_failed',
    message: 'The dump did not stay whole on the host.',
    detail: 'exit 13',
  })
})

it('a task that ends without a word, as with its Docker, is tried again', async () => {
  const clock = createClock()
  // Nobody waits here for its words; the watch over a stream that stands still goes on.
  const sleep: Clock['sleep'] = (ms, ending) =>
    ms === 20_000 ? Promise.resolve() : clock.sleep(ms, ending)
  await expect(restore(100_000, { ...clock, sleep })).rejects.toMatchObject({ code: 'docker_down' })
})

it.each([
  ['after it took all', Infinity],
  ['half-way', 100_000],
])(
  'a copy that is read as damaged is damaged, though the host says so %s',
  async (_when, reads) => {
    const path = join(folder.path, namesOf(manifest).dump)
    const bytes = readFileSync(path)
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
    writeFileSync(path, bytes)
    await expect(restore(reads)).rejects.toMatchObject({
      code: 'backup_damaged',
      message: 'This copy is not what was stored.',
    })
  },
)

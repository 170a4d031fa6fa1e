import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough, Readable, Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codecs as allCodecs, type Codec } from '../../../shared/backup-manifest.ts'
import { QuaysideError } from '../../../shared/errors.ts'
import { createClock } from '../../adapters/clock/index.ts'
import { createCodecs } from '../../adapters/compression/index.ts'
import type { Destination } from '../../destinations/destination.ts'
import { destinationKinds } from '../../destinations/index.ts'
import type { Engine } from '../../engines/engine.ts'
import type { BackupSession } from '../../engines/engine-backup.ts'
import type { Clock, Docker, StreamTask } from '../ports.ts'
import { dumpDatabase, type StoredDump } from './dump-database.ts'

// A link that is cut at every place of a dump, with every codec, encrypted and not. The task on the host
// is played (a real one can't be cut at a byte); codecs, cipher and destination are the real ones.

const clock = createClock()
const codecs = createCodecs()
const plain = randomBytes(300_000)
const lost = new QuaysideError('host_lost', 'The connection was lost.')
let folder = ''
let destination: Destination

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'quayside-dump-cut-'))
  const [kind] = destinationKinds
  if (kind === undefined) throw new Error('there is no kind of destination')
  const volumes = { at: () => never() }
  destination = kind.open({ folder }, {}, { volumes })
})
afterAll(() => rmSync(folder, { recursive: true }))

function never(): never {
  throw new Error('this is not asked here')
}

const places = {
  'before its first byte': 0,
  'in its first frame': 0.01,
  'half-way': 0.5,
  'before its last byte': 0.999,
  'after its last byte, before its exit code': 1,
} as const

/** An engine and a task that says what an engine's would: `codec` on its error output, then the dump. */
function played(
  codec: Codec,
  content: Buffer,
  cutAt: number | null,
  left = content,
  said: Codec | null = codec,
) {
  const whole = cutAt === null
  const cut = Math.ceil(content.length * (cutAt ?? 1))
  const stdout = Readable.from(
    (async function* () {
      for (let from = 0; from < cut; from += 16_384)
        yield content.subarray(from, Math.min(cut, from + 16_384))
      await Promise.resolve()
      if (!whole) throw lost
    })(),
    { objectMode: false },
  )
  const exit = whole ? Promise.resolve(0) : Promise.reject(lost)
  exit.catch(() => undefined)
  let removed = false
  const task: StreamTask = {
    id: 'played',
    stdin: new Writable({ write: (_chunk, _encoding, done) => done() }),
    stdout,
    stderr: () => '',
    exit,
    kill: () => Promise.resolve(),
    remove: () => {
      removed = true
      return Promise.resolve()
    },
  }
  const report = {
    tool: 'a tool',
    codec,
    warnings: [],
    sentSha256: sha256(left),
  }
  const backup: Pick<Engine['backup'], 'dump'> = {
    dump: () => ({
      command: ['dump'],
      input: 'secret\n',
      tmpfs: [],
      scratch: null,
      memoryBytes: 1,
      codecIn: () => said,
      report: () => report,
    }),
  }
  return { task, backup, wasRemoved: () => removed }
}

/** The destination, and for how many bytes it was told to plan. */
const noting: Pick<Destination, 'put'> = {
  put: (name, content, options) => {
    expected = options.expectedBytes
    return destination.put(name, content, options)
  },
}
let expected: number | undefined

const session: Partial<BackupSession> = {
  survey: () => Promise.resolve({ bytes: 3_000_000, tables: 1, unreadable: [] }),
  exportSnapshot: () => Promise.resolve('snapshot'),
  tables: () => Promise.resolve([]),
  database: () => Promise.resolve({} as Awaited<ReturnType<BackupSession['database']>>),
  roles: () => Promise.resolve([]),
  listDatabases: () => Promise.resolve(['app']),
  close: () => Promise.resolve(),
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

const packed = (codec: Codec, content: Buffer): Promise<Buffer> =>
  buffer(Readable.from([content]).pipe(codecs.compress(codec)))

async function dump(
  codec: Codec,
  encrypted: boolean,
  cutAt: number | null,
  /** What arrives and what left, instead of the dump. */
  way?: { came: Buffer; left: Buffer },
  lastBytes?: number | null,
  changed: {
    clock?: Clock
    session?: Partial<BackupSession>
    task?: Partial<StreamTask>
    signal?: AbortSignal
    /** What the task says of its codec, instead of the true one. */
    codec?: null
  } = {},
): Promise<StoredDump> {
  // lz4 is in no image: what comes is as it was dumped, and is compressed here.
  const onHost = codec === 'lz4' ? 'none' : codec
  const content = way?.came ?? (onHost === 'none' ? plain : await packed(onHost, plain))
  const { task, backup, wasRemoved } = played(onHost, content, cutAt, way?.left, changed.codec)
  const started = { ...task, ...changed.task }
  const docker: Pick<Docker, 'startTask'> = { startTask: () => Promise.resolve(started) }
  const bulk = { docker: () => docker as Docker, lost: new AbortController().signal }
  try {
    return await dumpDatabase(
      {
        bulk: { ...bulk, close: () => Promise.resolve() },
        codecs,
        clock: changed.clock ?? clock,
        openSession: () => Promise.resolve({ ...session, ...changed.session } as BackupSession),
      },
      {
        engine: { backup } as Engine,
        source: { address: '', user: '', password: '', database: '' },
        codec,
        name: 'task',
        labels: {},
        imageId: 'image',
        containerId: 'container',
        key: encrypted ? { id: randomUUID(), bytes: randomBytes(32) } : null,
      },
      {
        destination: noting,
        nameOf: (made) => `one/a.${made}`,
        ...(lastBytes !== undefined && { lastBytes }),
      },
      { signal: changed.signal ?? new AbortController().signal, onFlow: () => undefined },
    )
  } finally {
    expect(wasRemoved()).toBe(true)
  }
}

const files = (): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)

describe.each([true, false])('encrypted: %s', (encrypted) => {
  it.each(allCodecs)('%s: a cut anywhere leaves nothing; then it succeeds', async (codec) => {
    for (const [when, at] of Object.entries(places)) {
      await expect(dump(codec, encrypted, at), when).rejects.toBe(lost)
      expect(files(), when).toEqual([])
    }
    const stored = await dump(codec, encrypted, null)
    expect(stored).toMatchObject({ codec, compressedAt: codec === 'lz4' ? 'here' : 'host' })
    expect(files()).toEqual([`a.${codec}`])
    await destination.remove(stored.name, { signal: new AbortController().signal })
  })
})

describe('what arrived is what left the host', () => {
  it.each(['gzip', 'zstd'] as const)('%s: a whole frame too few, or a byte', async (codec) => {
    const frames = [await packed(codec, plain), await packed(codec, Buffer.from('the last rows'))]
    const left = Buffer.concat(frames)
    const changed = Buffer.from(left)
    changed.writeUInt8(changed.readUInt8(1000) ^ 1, 1000)
    const [first = left] = frames
    // Both are streams without a fault, as far as their lengths and frames go.
    for (const came of [first, changed]) {
      await expect(dump(codec, true, null, { came, left })).rejects.toMatchObject({
        code: 'backup_failed',
        detail: `${came.length} bytes came, of SHA-256 ${sha256(came)}; ${sha256(left)} has left the host`,
      })
      expect(files()).toEqual([])
    }
  })
})

describe('what was compressed on the host comes out of its codec again', () => {
  it.each(['gzip', 'zstd'] as const)('%s: or there is no backup', async (codec) => {
    const whole = await packed(codec, plain)
    const cut = whole.subarray(0, -1)
    const changed = Buffer.from(whole)
    changed.writeUInt8(changed.readUInt8(whole.length - 3) ^ 1, whole.length - 3)
    const more = Buffer.concat([whole, Buffer.from('more')])
    // All of it has arrived as it left: the host itself made it so.
    for (const came of [cut, changed, more]) {
      await expect(dump(codec, true, null, { came, left: came })).rejects.toMatchObject({
        code: 'backup_failed',
        message: 'What was compressed on the host can’t be decompressed.',
      })
      expect(files()).toEqual([])
    }
  })

  it.each(allCodecs)('%s: counted and hashed as it was dumped', async (codec) => {
    const stored = await dump(codec, true, null)
    expect(stored.plain).toEqual({ bytes: plain.length, sha256: sha256(plain) })
    await destination.remove(stored.name, { signal: new AbortController().signal })
  })

  it.each(['none', 'gzip', 'zstd'] as const)('%s: and is not empty', async (codec) => {
    const came = await packed(codec, Buffer.alloc(0))
    await expect(dump(codec, true, null, { came, left: came })).rejects.toMatchObject({
      code: 'backup_failed',
      message: 'The dump is empty.',
    })
    expect(files()).toEqual([])
  })
})

/** Two minutes of a stall are told in 200 ms. */
const hasty: Clock = { ...clock, sleep: (ms, signal) => clock.sleep(Math.min(ms, 20), signal) }

describe('a task that gives no byte', () => {
  const silent = () => ({ stdout: new PassThrough(), exit: new Promise<never>(() => undefined) })
  const fast: Clock = { ...clock, sleep: (_ms, signal) => clock.sleep(1, signal) }
  const held = (answers: boolean[]): Partial<BackupSession> => ({
    isHeldUp: () => Promise.resolve(answers.shift() ?? true),
  })

  it('is given up where a lock holds it up for minutes, and not where one soon ends', async () => {
    const answers = [...Array<boolean>(9).fill(true), false, ...Array<boolean>(9).fill(true), false]
    const changed = { clock: fast, session: held(answers), task: silent() }
    await expect(dump('zstd', true, null, undefined, undefined, changed)).rejects.toMatchObject({
      code: 'stalled',
      hint: expect.stringContaining('view') as string,
    })
    expect(answers).toEqual([])
    expect(files()).toEqual([])
  })

  it('may read for long, but not for ever', async () => {
    let looks = 0
    const isHeldUp = () => Promise.resolve(++looks === 0)
    const changed = { clock: fast, session: { isHeldUp }, task: silent() }
    await expect(dump('zstd', true, null, undefined, undefined, changed)).rejects.toMatchObject({
      code: 'stalled',
    })
    expect(looks).toBe(120)
  })

  it('is let go when the dump is cancelled, also where its output has ended', async () => {
    const cancelled = new Error('cancelled')
    for (const task of [silent(), { ...silent(), stdout: Readable.from([]) }]) {
      const cancel = new AbortController()
      setTimeout(() => cancel.abort(cancelled), 50)
      const changed = { session: held([]), task, signal: cancel.signal, codec: null }
      const ended = dump('zstd', true, null, undefined, undefined, changed)
      await expect(ended).rejects.toBe(cancelled)
    }
  })
})

it('counts that take long behind the last byte are no stall', async () => {
  const tables = async () => {
    await clock.sleep(600)
    return [{ schema: 'public', name: 'orders', rows: 12 }]
  }
  const late = { clock: hasty, session: { tables } }
  const stored = await dump('none', false, null, undefined, undefined, late)
  expect(stored.tables).toHaveLength(1)
  await destination.remove(stored.name, { signal: new AbortController().signal })
})

it.each([
  ['as the last one', 4_711, 4_711],
  ['as a third of its database, where it is the first', null, 1_000_000],
  ['as nothing, where the place needs no plan', undefined, undefined],
])('a dump is expected to be as large %s', async (_as, lastBytes, bytes) => {
  const stored = await dump('zstd', true, null, undefined, lastBytes)
  expect(expected).toBe(bytes)
  await destination.remove(stored.name, { signal: new AbortController().signal })
})

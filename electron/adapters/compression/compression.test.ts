import { spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { buffer } from 'node:stream/consumers'
import zlib from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Codec } from '../../../shared/backup-manifest.ts'
import { digestSink } from './digest-sink.ts'
import { createCodecs } from './index.ts'

const codecs = createCodecs()
// As in an Electron whose Node has no zstd.
const withoutZstd = createCodecs({ nativeZstd: false })

const text = Buffer.from(
  Array.from({ length: 90_000 }, (_, n) => `${n}\tcustomer ${n % 97}\tpaid ${n * n}\n`).join(''),
)
// Compressible and not, over the border of a frame.
const mixed = Buffer.concat([text, randomBytes(2_500_000), text.subarray(0, 12_345)])

async function through(content: readonly Buffer[], stage: NodeJS.ReadWriteStream): Promise<Buffer> {
  const out: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out.push(chunk)
      done()
    },
  })
  await pipeline(Readable.from(content), stage, sink)
  return Buffer.concat(out)
}

const pieces = (content: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(content.length / size) }, (_, n) =>
    content.subarray(n * size, (n + 1) * size),
  )

/** A tool of the system, where it is installed. */
function tool(command: string): ((input: Buffer) => Buffer) | undefined {
  if (spawnSync(command, ['--version']).error) return undefined
  return (input) => {
    const ran = spawnSync(command, ['-d', '-c', '-q'], { input, maxBuffer: 1 << 28 })
    if (ran.status !== 0) throw new Error(`${command}: ${ran.stderr.toString()}`)
    return ran.stdout
  }
}

type Row = { name: string; codec: Exclude<Codec, 'none'>; from: typeof codecs; tool: string }
const rows: Row[] = [
  { name: 'gzip', codec: 'gzip', from: codecs, tool: 'gzip' },
  { name: 'zstd', codec: 'zstd', from: codecs, tool: 'zstd' },
  { name: 'zstd read in JavaScript', codec: 'zstd', from: withoutZstd, tool: 'zstd' },
  { name: 'lz4', codec: 'lz4', from: codecs, tool: 'lz4' },
]

describe.each(rows)('$name', ({ name, codec, from, tool: command }) => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a byte', Buffer.from('x')],
    ['text', text],
    ['a whole frame', text.subarray(0, 1 << 22)],
    ['mixed data', mixed],
  ])('gives %s back, in any pieces', async (_what, content) => {
    for (const size of [1 << 20, 65_537]) {
      const packed = await through(pieces(content, size), codecs.compress(codec))
      const back = await through(pieces(packed, size + 1), from.decompress(codec))
      expect(back.equals(content)).toBe(true)
    }
  })

  it('counts and hashes what is in it, whole', async () => {
    for (const content of [Buffer.alloc(0), text, mixed]) {
      const packed = await through(pieces(content, 1 << 20), codecs.compress(codec))
      const held = Buffer.from(packed)
      const { sink, result } = from.digest(codec)
      expect(result).toThrowError('has not ended')
      await pipeline(Readable.from(pieces(packed, 65_537)), sink)
      const sha256 = createHash('sha256').update(content).digest('hex')
      expect(result()).toEqual({ bytes: content.length, sha256 })
      // What it was given is still its giver's.
      expect(packed.equals(held)).toBe(true)
    }
    const packed = await through([text], codecs.compress(codec))
    const { sink, result } = from.digest(codec)
    const cut = pipeline(Readable.from(pieces(packed.subarray(0, -9), 65_537)), sink)
    await expect(cut).rejects.toMatchObject({ code: 'backup_damaged' })
    expect(result).toThrowError('has not ended')
  })

  it('reads in single bytes', async () => {
    const small = mixed.subarray(text.length - 2_000, text.length + 500)
    const packed = await through([small], codecs.compress(codec))
    expect((await through(pieces(packed, 1), from.decompress(codec))).equals(small)).toBe(true)
  })

  const standard = tool(command)
  it.skipIf(!standard)('writes what the standard tool reads', async () => {
    for (const content of [Buffer.alloc(0), mixed]) {
      const packed = await through(pieces(content, 100_000), codecs.compress(codec))
      expect(standard?.(packed).equals(content)).toBe(true)
    }
  })

  it.skipIf(!standard)('reads what the standard tool writes', async () => {
    const content = text.subarray(0, 2_000_000)
    const ran = spawnSync(command, ['-c', '-q'], { input: content, maxBuffer: 1 << 28 })
    expect((await through([ran.stdout], from.decompress(codec))).equals(content)).toBe(true)
  })

  it('fails on data that is cut at any place', async () => {
    const expectDamaged = async (packed: Buffer, cut: number): Promise<void> => {
      const stage = from.decompress(codec)
      const reading = through(pieces(packed.subarray(0, cut), 1 << 16), stage)
      await expect(reading, `${cut}`).rejects.toMatchObject({ code: 'backup_damaged' })
    }
    const frame = await through([mixed.subarray(text.length - 200_000)], codecs.compress(codec))
    for (const cut of [0, 1, 5, 20, frame.length >> 1]) await expectDamaged(frame, cut)
    for (const missing of [9, 8, 5, 4, 3, 1]) await expectDamaged(frame, frame.length - missing)
    const frames = await through(pieces(mixed, 1 << 20), codecs.compress(codec))
    for (const cut of [frames.length >> 1, frames.length - 1]) await expectDamaged(frames, cut)
  })

  it.each([
    ['a byte', Buffer.from('x')],
    ['zeros', Buffer.alloc(512)],
    ['much', randomBytes(300_000)],
  ])('fails on %s behind the end', async (_what, garbage) => {
    const packed = await through([text], codecs.compress(codec))
    await expect(through([packed, garbage], from.decompress(codec))).rejects.toMatchObject({
      code: 'backup_damaged',
    })
    await expect(
      through([Buffer.concat([packed, garbage])], from.decompress(codec)),
    ).rejects.toMatchObject({ code: 'backup_damaged' })
  })

  it('never gives other bytes for a changed bit, where it has a checksum', async () => {
    const content = text.subarray(0, 20_000)
    const packed = await through([content], codecs.compress(codec))
    await fc.assert(
      fc.asyncProperty(fc.nat(packed.length * 8 - 1), async (bit) => {
        const changed = Buffer.from(packed)
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        const outcome = await through([changed], from.decompress(codec)).then(
          // A bit that means nothing, such as gzip's time, may change.
          (back) => (back.equals(content) ? 'same' : 'other'),
          (error: unknown) => (error as { code?: string }).code,
        )
        const allowed = name.includes('JavaScript')
          ? ['same', 'backup_damaged', 'other']
          : ['same', 'backup_damaged']
        expect(allowed).toContain(outcome)
      }),
      { numRuns: 150 },
    )
  })

  it('holds little, and waits for a slow reader', async () => {
    // 64 MB of zeros are a few kilobytes: what comes out must not pile up.
    const zeros = Buffer.alloc(1 << 20)
    const packed = await through(
      Array.from({ length: 64 }, () => zeros),
      codecs.compress(codec),
    )
    const stage = from.decompress(codec)
    stage.end(packed)
    const first = await new Promise<Buffer>((resolve, reject) => {
      stage.once('data', (chunk: Buffer) => {
        stage.pause()
        resolve(chunk)
      })
      stage.once('error', reject)
    })
    await new Promise((resolve) => setTimeout(resolve, 50))
    // JavaScript's takes four kilobytes at once, which here are nearly all of them.
    if (from === codecs) expect(stage.readableLength).toBeLessThan(8 << 20)
    const rest = await buffer(stage)
    expect(first.length + rest.length).toBe(64 << 20)
  })
})

describe('frames of zstd', () => {
  it('are one, also where the end comes while pieces wait', async () => {
    const stage = codecs.compress('zstd')
    const packed = buffer(stage)
    for (const piece of pieces(text, 300_000)) stage.write(piece)
    stage.end()
    const bytes = await packed
    const [, first = Buffer.alloc(0)] = splitFrames(bytes)
    expect(first).toHaveLength(0)
    expect((await through([bytes], codecs.decompress('zstd'))).equals(text)).toBe(true)
  })

  it('may be several, in any pieces', async () => {
    const contents = [text, Buffer.alloc(0), Buffer.from('x'), mixed]
    const packed = Buffer.concat(contents.map((content) => zlib.zstdCompressSync(content)))
    for (const size of [packed.length, 65_537]) {
      const back = await through(pieces(packed, size), codecs.decompress('zstd'))
      expect(back.equals(Buffer.concat(contents))).toBe(true)
    }
    await expect(
      through(pieces(packed.subarray(0, -3), 65_537), codecs.decompress('zstd')),
    ).rejects.toMatchObject({ code: 'backup_damaged' })
  })
})

/** What lies before and behind the empty frame that Node adds, if it does. */
function splitFrames(bytes: Buffer): Buffer[] {
  const at = bytes.indexOf(Buffer.from('28b52ffd', 'hex'), 4)
  return at === -1 ? [bytes] : [bytes.subarray(0, at), bytes.subarray(at)]
}

describe('what this computer can do', () => {
  it('is told, and nothing else is tried', async () => {
    for (const codec of ['none', 'gzip', 'zstd', 'lz4'] as const)
      expect(await codecs.available(codec)).toBe(true)
    expect(await withoutZstd.available('zstd')).toBe(false)
    expect(() => withoutZstd.compress('zstd')).toThrow(
      expect.objectContaining({ code: 'backup_failed' }),
    )
  })

  it('includes a checksum in zstd, which has none by default', async () => {
    const packed = await through([text], codecs.compress('zstd'))
    const bare = zlib.zstdCompressSync(text)
    expect((bare[4] ?? 0) & 0b100).toBe(0)
    expect((packed[4] ?? 0) & 0b100).toBe(0b100)
  })
})

it('gives back no memory that small buffers share', async () => {
  // As a decompressor's pieces may be put together in it.
  const inCrumbs = new Transform({
    transform(chunk: Buffer, _encoding, next) {
      for (let at = 0; at < chunk.length; at += 16)
        this.push(Buffer.from(chunk.subarray(at, at + 16)))
      next()
    },
  })
  const neighbours = Array.from({ length: 3 }, () => Buffer.from('a neighbour'))
  const { sink, result } = digestSink(inCrumbs, true)
  await pipeline(Readable.from([text.subarray(0, 4 * Buffer.poolSize)]), sink)
  expect(result().bytes).toBe(4 * Buffer.poolSize)
  for (const each of neighbours) expect(each.toString()).toBe('a neighbour')
})

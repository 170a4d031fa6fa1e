import { createHmac, hkdfSync, randomBytes, randomUUID } from 'node:crypto'
import { Readable, Writable, type Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { QuaysideError } from '../../../../shared/errors.ts'
import { chunkBytes, headerBytes, tagBytes } from './cipher-format.ts'
import { decrypt } from './decrypt.ts'
import { encrypt } from './encrypt.ts'

const key = { id: randomUUID(), bytes: randomBytes(32) }
const find = async (id: string): Promise<Uint8Array> => {
  if (id === key.id) return key.bytes
  throw new QuaysideError('backup_key_missing', 'missing')
}

/** All bytes that left a stage, and the code of the error it ended with. */
async function run(
  content: readonly Uint8Array[],
  stage: Duplex,
): Promise<{ out: Buffer; code: string | null }> {
  const out: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      out.push(chunk)
      done()
    },
  })
  const code = await pipeline(Readable.from(content), stage, sink).then(
    () => null,
    (error: unknown) => (error instanceof QuaysideError ? error.code : String(error)),
  )
  return { out: Buffer.concat(out), code }
}

const sealed = async (plain: Buffer): Promise<Buffer> => (await run([plain], encrypt(key))).out
const opened = (stored: Buffer) => run([stored], decrypt(find))

/** Cuts a buffer at these places. */
function splitAt(content: Buffer, places: readonly number[]): Buffer[] {
  const at = [0, ...places.map((place) => place % (content.length + 1)), content.length].sort(
    (a, b) => a - b,
  )
  return at.slice(1).map((end, n) => content.subarray(at[n], end))
}

// Around the borders of chunks, and anywhere.
const sizes = fc.oneof(
  fc.nat(300),
  fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: -17, max: 17 }))
    .map(([chunks, more]) => chunks * chunkBytes + more),
)
const random = randomBytes(3 * chunkBytes + 17)

describe('an encrypted stream', () => {
  it('comes back the same for every length, in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.array(fc.nat(), { maxLength: 12 }),
        fc.array(fc.nat(), { maxLength: 12 }),
        async (size, cutPlain, cutStored) => {
          const plain = random.subarray(0, size)
          const stored = await run(splitAt(plain, cutPlain), encrypt(key))
          const chunks = Math.max(1, Math.ceil(size / chunkBytes))
          expect(stored.out.length).toBe(headerBytes + size + chunks * tagBytes)
          const back = await run(splitAt(stored.out, cutStored), decrypt(find))
          expect(back.code).toBeNull()
          expect(back.out.equals(plain)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('has other bytes each time', async () => {
    const plain = Buffer.from('the same')
    expect((await sealed(plain)).equals(await sealed(plain))).toBe(false)
  })

  it('is as the format says, byte by byte', async () => {
    const salt = Buffer.alloc(32, 1)
    const prefix = Buffer.alloc(7, 2)
    const fixed = { id: '00112233-4455-4677-8899-aabbccddeeff', bytes: Buffer.alloc(32, 3) }
    const plain = Buffer.from('Quayside')
    const { out } = await run([plain], encrypt(fixed, { salt, prefix }))
    const head = Buffer.concat([
      Buffer.from('QSBK'),
      Buffer.from([1, 20, 0, 0]),
      Buffer.from('00112233445546778899aabbccddeeff', 'hex'),
      salt,
      prefix,
      Buffer.from([0]),
    ])
    const derived = Buffer.from(hkdfSync('sha256', fixed.bytes, salt, 'quayside backup v1', 64))
    const mac = createHmac('sha256', derived.subarray(32)).update(head).digest()
    expect(out.subarray(0, 96)).toEqual(Buffer.concat([head, mac]))
    // From Python's `cryptography`: HKDF(SHA256), HMAC, AESGCM(key).encrypt(nonce, b"Quayside", header).
    expect(out.subarray(64).toString('hex')).toBe(
      '3c19bcf1efeb880d9a83e220e818318ecad1bc1cdac6cf68873590f601980d2d' +
        'e2f4fbd96b45a29ede4abc9df56ad16b487f960af98b56ed',
    )
  })
})

describe('a stored object that was touched', () => {
  it('at any bit, gives nothing of the touched chunk and never ends well', async () => {
    const plain = random.subarray(0, 2 * chunkBytes + 5)
    const stored = await sealed(plain)
    await fc.assert(
      fc.asyncProperty(fc.nat(stored.length - 1), fc.nat(7), async (at, bit) => {
        const changed = Buffer.from(stored)
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << bit), at)
        const { out, code } = await opened(changed)
        const chunk = Math.floor((at - headerBytes) / (chunkBytes + tagBytes))
        expect(out.equals(plain.subarray(0, Math.max(0, chunk) * chunkBytes))).toBe(true)
        // In the head the key's id, the salt or the MAC may be hit: then no key fits.
        const head = ['backup_damaged', 'backup_key_wrong', 'backup_key_missing', 'backup_newer']
        expect(at < headerBytes ? head : ['backup_damaged']).toContain(code)
      }),
      { numRuns: 60 },
    )
  })

  it('at any byte of its head, gives nothing', async () => {
    const stored = await sealed(Buffer.from('a secret'))
    for (let at = 0; at < headerBytes; at += 1) {
      const changed = Buffer.from(stored)
      changed.writeUInt8(changed.readUInt8(at) ^ 0x80, at)
      const { out, code } = await opened(changed)
      expect(out.length).toBe(0)
      expect(code).not.toBeNull()
    }
  })

  it('by a cut at any place, is found', async () => {
    const stored = await sealed(random.subarray(0, 2 * chunkBytes))
    const border = headerBytes + chunkBytes + tagBytes
    const cuts = fc.oneof(
      fc.nat(stored.length - 1),
      fc.constantFrom(0, 1, 95, 96, 97, 112, border - 1, border, border + 1, stored.length - 1),
    )
    await fc.assert(
      fc.asyncProperty(cuts, async (cut) => {
        expect((await opened(stored.subarray(0, cut))).code).toBe('backup_damaged')
      }),
      { numRuns: 60 },
    )
  })

  it('by exchanged, left out, doubled and added chunks, is found', async () => {
    const stored = await sealed(random.subarray(0, 3 * chunkBytes))
    const size = chunkBytes + tagBytes
    const head = stored.subarray(0, headerBytes)
    const [a, b, last] = [0, 1, 2].map((n) =>
      stored.subarray(headerBytes + n * size, headerBytes + (n + 1) * size),
    ) as [Buffer, Buffer, Buffer]
    const empty = (await sealed(Buffer.alloc(0))).subarray(headerBytes)
    const wrong: Buffer[][] = [
      [head, b, a, last],
      [head, a, last],
      [head, a, a, b, last],
      [head, a, b],
      [head, last],
      [head, last, a, b],
      [head, a, b, last, last],
      [head, a, b, last, empty],
      [head, a, b, last, Buffer.from('x')],
      [stored, stored],
      [(await sealed(Buffer.alloc(0))).subarray(0, headerBytes), a, b, last],
    ]
    for (const pieces of wrong)
      expect((await opened(Buffer.concat(pieces))).code).toBe('backup_damaged')
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['a plain dump', Buffer.concat([Buffer.from('PGDMP'), randomBytes(500)])],
  ])('so much that it is %s, is damaged', async (_what, content) => {
    expect((await opened(content)).code).toBe('backup_damaged')
  })
})

describe('a key', () => {
  it('that is wrong is found before a byte leaves', async () => {
    const stored = await sealed(random.subarray(0, chunkBytes + 5))
    const other = await run(
      [stored],
      decrypt(async () => randomBytes(32)),
    )
    expect(other).toEqual({ out: Buffer.alloc(0), code: 'backup_key_wrong' })
  })

  it('that is missing is said to be', async () => {
    const { out } = await run([Buffer.from('x')], encrypt({ ...key, id: randomUUID() }))
    expect((await opened(out)).code).toBe('backup_key_missing')
  })
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCodecs } from '../../adapters/compression/index.ts'
import { createDumpFiles } from '../../adapters/dump-files/index.ts'
import { engines } from '../../engines/index.ts'
import { describeFile, peekAtFile } from './look-at-file.ts'

const deps = { codecs: createCodecs(), files: createDumpFiles(tmpdir()) }
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'quayside-peek-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function peek(content: Uint8Array | string): Promise<string> {
  const path = join(folder, 'a name that says nothing')
  await writeFile(path, content)
  const [engine] = engines
  if (engine === undefined) throw new Error('there is no engine')
  return describeFile(await peekAtFile(deps, engine, path))
}

it('tells by a file’s beginning what would be imported', async () => {
  const statements = 'CREATE TABLE words (w text);\n'.repeat(1000)
  expect(await peek(statements)).toBe('SQL statements, 29.0 kB')
  expect(await peek(gzipSync(statements))).toMatch(/^SQL statements, compressed by gzip, /)
  expect(await peek('SELECT 1;')).toMatch(/^SQL statements, 9 /)
  // The beginning of a large dump is enough: the rest may even be damaged.
  const cut = gzipSync(Buffer.concat([Buffer.from('PGDMP'), Buffer.alloc(5_000_000, 7)]))
  expect(await peek(cut.subarray(0, cut.length - 9))).toMatch(/^A dump in custom format/)
})

it('says what can’t be imported', async () => {
  await expect(peek(Buffer.alloc(600))).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(peek('')).rejects.toMatchObject({ code: 'invalid_input' })
  await expect(peek(gzipSync('x'.repeat(9)).subarray(0, 12))).rejects.toMatchObject({
    code: 'backup_damaged',
  })
})

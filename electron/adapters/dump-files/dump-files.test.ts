import { linkSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { jobIdSchema } from '../../../shared/contract/jobs.ts'
import { createDumpFiles } from './index.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quayside-dump-files-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const files = createDumpFiles(tmpdir())
const signal = new AbortController().signal
const fileOf = () => ({
  path: join(folder, 'shop.dump'),
  jobId: jobIdSchema.parse(crypto.randomUUID()),
})
const write = (file: ReturnType<typeof fileOf>, text = 'whole') =>
  files.writePart(file, Readable.from([Buffer.from(text)]), signal)
const text = () => readFileSync(join(folder, 'shop.dump'), 'utf8')

it('a file has its name once it is whole, also where that is said again', async () => {
  const file = fileOf()
  const { bytes } = await write(file)
  expect(readdirSync(folder)).not.toContain('shop.dump')
  await files.publish(file, bytes)
  await files.publish(file, bytes)
  expect(readdirSync(folder)).toEqual(['shop.dump'])
  expect(text()).toBe('whole')
})

it('a try that was cut between its two names is finished', async () => {
  const file = fileOf()
  const { bytes } = await write(file)
  linkSync(join(folder, readdirSync(folder)[0] ?? ''), file.path)
  await files.publish(file, bytes)
  expect(readdirSync(folder)).toEqual(['shop.dump'])
})

it('nothing is overwritten, and what is not the job’s is never taken for its own', async () => {
  const file = fileOf()
  const { bytes } = await write(file)
  writeFileSync(file.path, 'other')
  await expect(files.publish(file, bytes)).rejects.toMatchObject({ code: 'name_taken' })
  await files.removePart(file)
  await expect(files.publish(file, bytes + 1)).rejects.toMatchObject({ code: 'name_taken' })
  expect(text()).toBe('other')
})

it('two jobs with one name write into files of their own, and the second is refused', async () => {
  const [one, two] = [fileOf(), fileOf()]
  const [{ bytes }, second] = await Promise.all([write(one, 'one'), write(two, 'the other')])
  await files.publish(one, bytes)
  await expect(files.publish(two, second.bytes)).rejects.toMatchObject({ code: 'name_taken' })
  expect(text()).toBe('one')
})

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { neverAborted } from '../../domain/never-aborted.ts'
import { createFolderDriver } from './driver.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quayside-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('does not go into the folders that a system keeps at the root of a disk', async () => {
  const names: string[] = []
  for (const each of ['lost+found', 'System Volume Information', '.Trashes', 'shop.0123abcd']) {
    mkdirSync(join(folder, each))
    writeFileSync(join(folder, each, 'a.dump'), 'x')
  }
  const driver = createFolderDriver(folder)
  for await (const { name } of driver.list('', { signal: neverAborted })) names.push(name)
  expect(names).toEqual(['shop.0123abcd/a.dump'])
})

import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeHome } from './index.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'quayside-home-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

describe('the folder of all data', () => {
  it('is made with what lies above it, for its user alone, and is there the next time', () => {
    const home = join(folder, 'a', 'b')
    makeHome(home)
    makeHome(home)
    expect(statSync(home).isDirectory()).toBe(true)
    if (process.platform !== 'win32') expect(statSync(home).mode & 0o077).toBe(0)
  })

  it('is named where it can’t be made', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => makeHome(join(folder, 'file', 'b'))).toThrow(/can’t be made/)
    expect(() => makeHome(join(folder, 'file'))).toThrow(/can’t be made/)
  })

  it.runIf(process.platform === 'linux')('ends at once below /proc, where nothing can be', () => {
    expect(() => makeHome('/proc/quayside')).toThrow(/can’t be made/)
    expect(() => makeHome('/proc/quayside/deep/down')).toThrow(/can’t be made/)
    expect(() => makeHome('/proc')).toThrow(/can’t be made/)
  })
})

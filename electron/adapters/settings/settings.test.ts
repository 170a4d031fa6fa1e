import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { usualSettings } from '../../../shared/contract/settings.ts'
import { createSettingsFile } from './index.ts'

let home = ''
let said: string[] = []
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'quayside-settings-'))
  said = []
})
afterEach(() => {
  rmSync(home, { recursive: true })
})

const file = () => join(home, 'settings.json')
const open = () =>
  createSettingsFile({
    home,
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: (message) => said.push(message),
    },
  })

it('are as usual until something is chosen, and then what was chosen', () => {
  const store = open()
  expect(store.get()).toEqual(usualSettings)
  store.set({ ...usualSettings, notifications: false })
  expect(open().get()).toEqual({ ...usualSettings, notifications: false })
  expect(readdirSync(home)).toEqual(['settings.json'])
  expect(said).toEqual([])
})

it('keep what another version wrote besides, and fill in what it did not know', () => {
  writeFileSync(file(), '{"notifications":false,"later":{"a":1}}')
  const store = open()
  expect(store.get()).toEqual({ ...usualSettings, notifications: false })
  store.set({ ...usualSettings, closeToTray: false })
  expect(JSON.parse(readFileSync(file(), 'utf8'))).toEqual({
    ...usualSettings,
    closeToTray: false,
    later: { a: 1 },
  })
})

it.each([
  ['cut short', '{"notifications":fal'],
  ['empty', ''],
  ['no object', '[]'],
  ['of another kind', '{"notifications":"maybe"}'],
])('in a file that is %s are as usual, and the file is never written over', (_, text) => {
  writeFileSync(file(), text)
  const store = open()
  expect(store.get()).toEqual(usualSettings)
  expect(store.get()).toEqual(usualSettings)
  expect(said).toEqual(['the settings could not be read: all are as usual'])
  expect(() => {
    store.set({ ...usualSettings, notifications: false })
  }).toThrow(`The settings in ${file()} can’t be read.`)
  expect(readFileSync(file(), 'utf8')).toBe(text)
  // Once it is mended or gone, choosing works without a restart.
  rmSync(file())
  store.set({ ...usualSettings, notifications: false })
  expect(open().get().notifications).toBe(false)
})

it('that cannot be read at all are not written over either', () => {
  mkdirSync(file())
  const store = open()
  expect(store.get()).toEqual(usualSettings)
  expect(() => {
    store.set(usualSettings)
  }).toThrow(/can’t be read/)
})

import { EventEmitter } from 'node:events'
import type { AppUpdater } from 'electron-updater'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { installAndLeave, prepare } from './updates.ts'
import { silentLog } from '../domain/silent-log.ts'

const feed = { url: 'https://updates.example.org/', publicKey: 'a key' }

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

/** An updater with an update ready, and what has been done with it. */
function rig(platform: NodeJS.Platform) {
  const done: string[] = []
  const parts = {
    autoInstallOnAppQuit: true,
    autoRunAppAfterInstall: true,
    setFeedURL: () => undefined,
    quitAndInstall: () => done.push('handed over'),
  }
  const updater = Object.assign(new EventEmitter(), parts) as unknown as AppUpdater
  prepare(updater, feed, silentLog, platform)
  const install = () => installAndLeave(updater, () => done.push('left'), platform)
  return { updater, done, install }
}

describe('an update on macOS', () => {
  it('is handed to the system only once the user installs it', () => {
    const { updater, done, install } = rig('darwin')
    expect(updater.autoInstallOnAppQuit).toBe(false)
    install()
    expect(done).toEqual(['handed over'])
    expect(updater).toMatchObject({ autoInstallOnAppQuit: false, autoRunAppAfterInstall: false })
  })

  it('that the system refuses or forgets does not keep the app from ending', () => {
    const refused = rig('darwin')
    refused.install()
    refused.updater.emit('error', new Error('not signed'))
    expect(refused.done).toEqual(['handed over', 'left'])
    const forgotten = rig('darwin')
    forgotten.install()
    vi.advanceTimersByTime(60_000)
    expect(forgotten.done).toEqual(['handed over', 'left'])
  })
})

it('an update elsewhere is installed by the app’s end, once the user wants it', () => {
  const { updater, done, install } = rig('linux')
  // As it is after the download.
  updater.autoInstallOnAppQuit = false
  install()
  expect(updater.autoInstallOnAppQuit).toBe(true)
  expect(done).toEqual(['left'])
})

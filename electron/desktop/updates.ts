import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { AppUpdater } from 'electron-updater'
import { QuaysideError } from '../../shared/errors.ts'
import type { Log } from '../domain/ports.ts'
import { requireSigned, updateFeedSchema, type UpdateFeed } from './signed-feed.ts'

export interface UpdatesDeps {
  log: Log
  /** Told once an update lies on this computer, checked and ready. */
  onReady: (version: string) => void
  /** Ends the app in good order where the user wants that; `last` is then its last step. */
  quit: (last: () => void) => void
  /** Ends the app at once. */
  leave: () => void
}

/** Keeps the app up to date. */
export interface Updates {
  /** Ends the app, then installs what is ready. */
  install(): void
  stop(): void
}

const firstCheckMs = 5_000
const checkEveryMs = 6 * 60 * 60_000
const fetchWithinMs = 30_000
/** How long macOS may take to make an update ready before the app ends without it, milliseconds. */
const handOverMs = 60_000

/**
 * Looks for updates at the feed that this package was built for. A package without one has no updates:
 * then nothing is asked of anyone.
 *
 * @param resources the folder beside the app's code
 */
export function startUpdates(resources: string, deps: UpdatesDeps): Updates | null {
  const file = join(resources, 'update-feed.json')
  if (!existsSync(file)) return null
  const feed = updateFeedSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const ended = new AbortController()
  let updater: AppUpdater | null = null

  async function keepLooking(): Promise<void> {
    await delay(firstCheckMs, undefined, { signal: ended.signal })
    const { default: electronUpdater } = await import('electron-updater')
    updater = electronUpdater.autoUpdater
    prepare(updater, feed, deps.log, process.platform)
    while (!(await lookOnce(updater, feed, deps))) {
      await delay(checkEveryMs, undefined, { signal: ended.signal })
    }
  }

  keepLooking().catch((thrown: unknown) => {
    if (!ended.signal.aborted) deps.log.error('updates are not looked for any more', thrown)
  })
  return {
    install() {
      const ready = updater
      if (ready !== null) deps.quit(() => installAndLeave(ready, deps.leave, process.platform))
    },
    stop: () => ended.abort(),
  }
}

/** Sets the updater up so that nothing is installed that the user has not asked for. */
export function prepare(
  updater: AppUpdater,
  feed: UpdateFeed,
  log: Log,
  platform: NodeJS.Platform,
): void {
  updater.setFeedURL({ provider: 'generic', url: feed.url })
  updater.autoDownload = false
  updater.allowDowngrade = false
  // So that the updater listens for the app's end; what it then does is decided by the user. On macOS it
  // would hand the update to the system instead, which installs it at the next end whatever is decided.
  updater.autoInstallOnAppQuit = platform !== 'darwin'
  updater.logger = null
  updater.on('error', (error) => log.warn('the updater failed', { reason: error.message }))
}

/** The last step of an end that is to install what is ready. */
export function installAndLeave(
  updater: AppUpdater,
  leave: () => void,
  platform: NodeJS.Platform,
): void {
  if (platform !== 'darwin') {
    updater.autoInstallOnAppQuit = true
    leave()
    return
  }
  // The system takes the update first, and then the updater ends the app; where it can't, the app ends
  // all the same.
  updater.autoRunAppAfterInstall = false
  updater.once('error', leave)
  setTimeout(leave, handOverMs)
  updater.quitAndInstall()
}

/** True once an update is ready. A feed that does not answer is asked again later. */
async function lookOnce(
  updater: AppUpdater,
  feed: UpdateFeed,
  deps: UpdatesDeps,
): Promise<boolean> {
  try {
    const found = await updater.checkForUpdates()
    if (found?.isUpdateAvailable !== true) return false
    const { version } = found.updateInfo
    const name = channelFileName()
    const [channelFile, signature] = await Promise.all([
      fetchFrom(feed, name),
      fetchFrom(feed, `${name}.sig`),
    ])
    requireSigned(found.updateInfo, channelFile, signature.toString('utf8').trim(), feed.publicKey)
    await updater.downloadUpdate()
    updater.autoInstallOnAppQuit = false
    deps.log.info('an update is ready', { version })
    deps.onReady(version)
    return true
  } catch (thrown) {
    deps.log.error('there is no update to be had', thrown)
    return false
  }
}

/** As electron-updater names it, in its `Provider`. */
function channelFileName(): string {
  const system = { darwin: '-mac', win32: '' }[process.platform as string] ?? '-linux'
  const arch = system === '-linux' && process.arch !== 'x64' ? `-${process.arch}` : ''
  return `latest${system}${arch}.yml`
}

async function fetchFrom({ url }: UpdateFeed, name: string): Promise<Buffer> {
  const place = new URL(name, url.endsWith('/') ? url : `${url}/`)
  const answer = await fetch(place, { signal: AbortSignal.timeout(fetchWithinMs) })
  if (!answer.ok) {
    throw new QuaysideError('update_not_trusted', `The update’s ${name} is not to be had.`, {
      cause: new Error(`HTTP ${answer.status}`),
    })
  }
  return Buffer.from(await answer.arrayBuffer())
}

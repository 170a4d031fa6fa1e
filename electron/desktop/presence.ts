import { usualSettings } from '../../shared/contract/settings.ts'
import { toErrorData } from '../../shared/errors.ts'
import type { Place } from '../../shared/places.ts'
import type { Core } from '../domain/core.ts'
import type { Clock, Log } from '../domain/ports.ts'
import { createNotifications } from './notifications.ts'
import { followOverview, type Overview } from './overview.ts'
import type { TrayAction } from './tray-items.ts'
import { followTrayPlace } from './tray-place.ts'
import { createTray, type QuaysideTray } from './tray.ts'
import type { Windows } from './window.ts'

export interface PresenceDeps {
  core: Core
  windows: Pick<Windows, 'show' | 'visible' | 'focused'>
  clock: Clock
  log: Log
  /** The folder with the tray's icons. */
  icons: string
  /** Ends the app as the user would. */
  quit: () => void
}

/** What there is of Quayside beside its window. */
export interface Presence {
  /** True where the app stays, and can be reached, after its window is closed; undefined until it is settled. */
  outlivesWindow(): boolean | undefined
  /** Resolves once it is known whether there is a tray, and what the user wants of it. */
  readonly settled: Promise<void>
  stop(): void
}

/** Keeps the tray and the notifications true to what the core tells. */
export function createPresence(deps: PresenceDeps): Presence {
  const { core, windows, clock, log, icons, quit } = deps
  const stopped = new AbortController()
  let tray: QuaysideTray | null = null
  let overview: Overview = {
    hosts: [],
    databases: [],
    tunnels: [],
    jobs: [],
    freshness: [],
    settings: usualSettings,
    app: { storeError: null, update: null, quitsAfter: null },
  }

  const notifications = createNotifications({
    clock,
    log,
    wanted: () => overview.settings.notifications,
    focused: windows.focused,
    show: windows.show,
  })

  function act(action: TrayAction): void {
    switch (action.do) {
      case 'show':
        return windows.show(action.place)
      case 'open':
        return windows.show()
      case 'quit':
        return quit()
      default:
        run(core, action).catch((thrown: unknown) => {
          const about: Place =
            'id' in action ? { kind: 'database', id: action.id } : { kind: 'settings' }
          explain(thrown, about)
        })
    }
  }

  /** The menu is closed by now: the reason comes as a notification, else the window opens at the place. */
  function explain(thrown: unknown, place: Place): void {
    const { message, hint = '' } = toErrorData(thrown)
    log.warn('what was chosen in the tray could not be done', { reason: String(thrown) })
    if (!notifications.tell({ title: message, body: hint, place })) windows.show(place)
  }

  followOverview({ core, clock, log, signal: stopped.signal }, (now) => {
    overview = now
    tray?.show(now)
    return notifications.look(now)
  })
  let isSettled = false
  let placeIsKnown: () => void = () => undefined
  const placeKnown = new Promise<void>((resolve) => {
    placeIsKnown = resolve
  })
  const settled = Promise.all([readSettings(), placeKnown]).then(() => {
    isSettled = true
  })
  const leavePlace = followTrayPlace({
    env: process.env,
    platform: process.platform,
    log,
    onChange(there) {
      placeIsKnown()
      const had = tray !== null
      tray?.remove()
      tray = there ? createTray({ icons, clock, act }) : null
      tray?.show(overview)
      // Whoever closed the window counted on the tray to bring it back.
      if (had && !there && !windows.visible()) windows.show()
    },
  })

  /** Those of the user, before the first look at all there is. */
  async function readSettings(): Promise<void> {
    try {
      overview = { ...overview, settings: await core.settings.get({}) }
    } catch (thrown) {
      log.error('the settings could not be read for the tray', thrown)
    }
  }

  return {
    settled,
    outlivesWindow() {
      if (process.platform === 'darwin') return true
      return isSettled ? tray !== null && overview.settings.closeToTray : undefined
    },
    stop() {
      stopped.abort()
      leavePlace()
      tray?.remove()
      tray = null
    },
  }
}

type Change = Exclude<TrayAction, { do: 'show' | 'open' | 'quit' }>

/** Asks the core for it, by the calls that the window uses. */
async function run({ app, databases, tunnels }: Core, action: Change): Promise<void> {
  switch (action.do) {
    case 'install-update':
      await app.installUpdate({})
      break
    case 'stay':
      await app.stay({})
      break
    case 'copy':
      await databases.copy({ id: action.id, what: action.what })
      break
    case 'start':
    case 'stop':
    case 'restart':
      await databases[action.do]({ id: action.id })
      break
    case 'open-tunnel':
      await tunnels.open({ databaseId: action.id })
      break
    case 'close-tunnel':
      await tunnels.close({ databaseId: action.id })
      break
  }
}

import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
import type { EventChannel } from '../../shared/bridge.ts'
import type { QuaysideEvent } from '../../shared/events.ts'
import { pathOf } from '../../shared/place-path.ts'
import type { Place } from '../../shared/places.ts'
import type { Log } from '../domain/ports.ts'
import { pageAddress } from './protocol.ts'
import { isReachable, readBounds, writeBounds } from './window-bounds.ts'

export interface WindowDeps {
  home: string
  log: Log
  /** The built preload script. */
  preload: string
  /** Whether the page can be looked into with Chromium's tools. */
  devTools: boolean
  /** Asked when the user closes the window; false keeps it open. */
  mayClose: () => boolean
  /** Told when Windows logs the user off or shuts down; other systems tell the app itself. */
  sessionEnds: () => void
}

/** The window of the app: none or one. */
export interface Windows {
  /** Opens the window, or brings the open one to the front; leads to a place where one is given. */
  show(place?: Place): void
  /** True while a window is on the screen. */
  visible(): boolean
  /** True while the user has the window before them. */
  focused(): boolean
  /** What runs in the windows that are open now. */
  contents(): readonly WebContents[]
  /** Whether what runs in a window that is open now has this id. */
  owns(webContentsId: number): boolean
  /** Takes the window off the screen while the app ends. */
  hide(): void
}

const size = { width: 1280, height: 800, minWidth: 1000, minHeight: 700 }

/** The only place that makes windows, each with the safe settings. */
export function createWindows(deps: WindowDeps): Windows {
  let open: BrowserWindow | null = null

  return {
    show(place) {
      if (open === null) {
        const window = createWindow(deps, place)
        window.on('closed', () => {
          open = null
        })
        open = window
        return
      }
      if (open.isMinimized()) open.restore()
      open.show()
      open.focus()
      lead(open, place)
    },
    visible: () => open?.isVisible() === true,
    focused: () => open?.isFocused() === true,
    contents: () => (open === null ? [] : [open.webContents]),
    owns: (webContentsId) => open?.webContents.id === webContentsId,
    hide() {
      if (open === null) return
      keepBounds(deps, open)
      // One that has not been shown yet shall not come any more.
      open.removeAllListeners('ready-to-show')
      open.hide()
    },
  }
}

function createWindow(deps: WindowDeps, to: Place | undefined): BrowserWindow {
  const { home, preload, devTools, mayClose, sessionEnds } = deps
  const known = readBounds(home)
  const { maximized = false, ...place } = known ?? {}
  const areas = screen.getAllDisplays().map(({ workArea }) => workArea)
  const window = new BrowserWindow({
    ...size,
    ...(known !== undefined && isReachable(known, areas) && place),
    title: 'Quayside',
    show: false,
    // The window's colour of the theme, so that nothing flashes before the first paint.
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#15171b' : '#ffffff',
    autoHideMenuBar: true,
    ...(process.platform === 'darwin' && {
      titleBarStyle: 'hiddenInset',
      trafficLightPosition: { x: 20, y: 18 },
    }),
    webPreferences: {
      preload,
      devTools,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  })
  window.once('ready-to-show', () => {
    if (maximized) window.maximize()
    window.show()
  })
  window.on('close', (event) => {
    // One that was taken off the screen no longer knows whether it filled it.
    if (window.isVisible()) keepBounds(deps, window)
    if (!mayClose()) event.preventDefault()
  })
  window.on('session-end', sessionEnds)
  load(window, to)
  return window
}

const eventChannel: EventChannel = 'quayside:event'

/**
 * Leads to a place where one is given. A page that still loads hears no event yet: it is loaded at the
 * place instead. One that has crashed is loaded anew in any case: it would stay empty.
 */
function lead(window: BrowserWindow, place: Place | undefined): void {
  const { webContents } = window
  if (webContents.isCrashed()) load(window, place)
  else if (place === undefined) return
  else if (webContents.isLoading()) load(window, place)
  else webContents.send(eventChannel, { type: 'navigate', place } satisfies QuaysideEvent)
}

function load(window: BrowserWindow, place: Place | undefined): void {
  void window.loadURL(place === undefined ? pageAddress : `${pageAddress}#${pathOf(place)}`)
}

/** Notes where the window stands; a disk that is full must not keep it open. */
function keepBounds({ home, log }: WindowDeps, window: BrowserWindow): void {
  try {
    writeBounds(home, { ...window.getNormalBounds(), maximized: window.isMaximized() })
  } catch (thrown) {
    log.error('the window’s place could not be kept', thrown)
  }
}

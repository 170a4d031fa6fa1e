import { BrowserWindow, nativeTheme, screen, type WebContents } from 'electron'
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
}

/** The window of the app: none or one. */
export interface Windows {
  /** Opens the window, or brings the open one to the front. */
  show(): void
  /** What runs in the windows that are open now. */
  contents(): readonly WebContents[]
  /** Takes the window off the screen while the app ends. */
  hide(): void
}

const size = { width: 1280, height: 800, minWidth: 900, minHeight: 600 }

/** The only place that makes windows, each with the safe settings. */
export function createWindows(deps: WindowDeps): Windows {
  let open: BrowserWindow | null = null

  return {
    show() {
      if (open === null) {
        const window = createWindow(deps)
        window.on('closed', () => {
          open = null
        })
        open = window
        return
      }
      if (open.isMinimized()) open.restore()
      open.show()
      open.focus()
    },
    contents: () => (open === null ? [] : [open.webContents]),
    hide() {
      if (open === null) return
      keepBounds(deps, open)
      open.hide()
    },
  }
}

function createWindow(deps: WindowDeps): BrowserWindow {
  const { home, preload, devTools, mayClose } = deps
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
  void window.loadURL(pageAddress)
  return window
}

/** Notes where the window stands; a disk that is full must not keep it open. */
function keepBounds({ home, log }: WindowDeps, window: BrowserWindow): void {
  try {
    writeBounds(home, { ...window.getNormalBounds(), maximized: window.isMaximized() })
  } catch (thrown) {
    log.error('the window’s place could not be kept', thrown)
  }
}

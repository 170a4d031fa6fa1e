import { join } from 'node:path'
import {
  Menu,
  nativeImage,
  Tray,
  type MenuItemConstructorOptions,
  type NativeImage,
} from 'electron'
import type { Clock } from '../domain/ports.ts'
import { createThrottle } from '../domain/throttle.ts'
import type { Overview } from './overview.ts'
import type { TrayAction, TrayItem } from './tray-items.ts'
import { trayMenu } from './tray-menu.ts'
import { trayState, type TrayState } from './tray-state.ts'

export interface TrayDeps {
  /** The folder with the icons. */
  icons: string
  clock: Clock
  act: (action: TrayAction) => void
}

/** Quayside's icon beside the system's clock. */
export interface QuaysideTray {
  /** Shows this; does nothing where it is what stands there already. */
  show(overview: Overview): void
  remove(): void
}

const titles: Readonly<Record<TrayState, string>> = {
  fine: 'Quayside: all is well',
  attention: 'Quayside: something needs a look',
  failed: 'Quayside: something failed',
  unknown: 'Quayside: something is unknown',
}

/** Between two looks at what the menu says, milliseconds: while much happens, it is built for nothing. */
const gapMs = 2_000

/** Puts the icon there. The menu is built anew only when what it says has changed. */
export function createTray({ icons, clock, act }: TrayDeps): QuaysideTray {
  let state: TrayState = 'unknown'
  let shown = ''
  const tray = new Tray(icon(icons, state))
  tray.setToolTip(titles[state])
  // Elsewhere than on macOS a click on the icon itself is the way to the window.
  if (process.platform !== 'darwin') tray.on('click', () => act({ do: 'open' }))

  const removed = new AbortController()
  const newest = (_held: Overview, next: Overview): Overview => next
  const setMenu = createThrottle(
    { gapMs, clock, signal: removed.signal, merge: newest },
    (overview: Overview) => {
      const items = trayMenu(overview)
      const model = JSON.stringify(items)
      if (model === shown) return
      shown = model
      tray.setContextMenu(Menu.buildFromTemplate(items.map((item) => entry(item, act))))
    },
  )

  return {
    show(overview) {
      const now = trayState(overview)
      if (now !== state) {
        state = now
        tray.setImage(icon(icons, state))
        tray.setToolTip(titles[state])
      }
      setMenu('menu', overview)
    },
    remove() {
      removed.abort()
      tray.destroy()
    },
  }
}

function entry(item: TrayItem, act: TrayDeps['act']): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'line':
      return { type: 'separator' }
    case 'note':
      return { label: literal(item.label), enabled: false }
    case 'submenu':
      return { label: literal(item.label), submenu: item.items.map((each) => entry(each, act)) }
    case 'action':
      return { label: literal(item.label), enabled: item.enabled, click: () => act(item.action) }
  }
}

/** A single & would underline the letter behind it. */
function literal(label: string): string {
  return label.replaceAll('&', '&&')
}

/** A template on macOS, which colours it by itself; the system's usual size elsewhere. */
function icon(folder: string, state: TrayState): NativeImage {
  const mac = process.platform === 'darwin'
  const size = process.platform === 'linux' ? 22 : 16
  const name = mac ? `${state}Template` : state
  const image = nativeImage.createFromPath(join(folder, `${name}-${size}.png`))
  const twice = nativeImage.createFromPath(join(folder, `${name}-${2 * size}.png`))
  image.addRepresentation({ scaleFactor: 2, buffer: twice.toPNG() })
  image.setTemplateImage(mac)
  return image
}

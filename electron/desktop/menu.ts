import { Menu, type MenuItemConstructorOptions } from 'electron'

export interface MenuOptions {
  development: boolean
  /** Ends the app and installs an update; only where one is ready. */
  update?: { version: string; install: () => void }
}

/** Sets the native menu: what each system expects of every app, and the keys that go with it. */
export function setMenu(options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(options)))
}

function template({ development, update }: MenuOptions): MenuItemConstructorOptions[] {
  const mac = process.platform === 'darwin'
  const updateItems: MenuItemConstructorOptions[] =
    update === undefined
      ? []
      : [{ label: `Quit and install ${update.version}`, click: update.install }]
  return [
    mac ? { role: 'appMenu' } : { label: '&File', submenu: [...updateItems, { role: 'quit' }] },
    ...(mac && updateItems.length > 0 ? [{ label: 'Update', submenu: updateItems }] : []),
    { role: 'editMenu' },
    {
      label: '&View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(development ? developmentItems : []),
      ],
    },
    { role: 'windowMenu' },
  ]
}

const developmentItems: MenuItemConstructorOptions[] = [
  { type: 'separator' },
  { role: 'reload' },
  { role: 'toggleDevTools' },
]

import { Menu, type MenuItemConstructorOptions } from 'electron'

/** Sets the native menu: what each system expects of every app, and the keys that go with it. */
export function setMenu({ development }: { development: boolean }): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(development)))
}

function template(development: boolean): MenuItemConstructorOptions[] {
  const mac = process.platform === 'darwin'
  return [
    mac ? { role: 'appMenu' } : { label: '&File', submenu: [{ role: 'quit' }] },
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

// An Electron app with nothing in it: what a window costs before anything of one's own is there.
// `electron test/bench/empty-window`; with QUAYSIDE_BENCH_NO_WINDOW there is not even a window.
import { join } from 'node:path'
import { app, BrowserWindow, ipcMain } from 'electron'

const here = import.meta.dirname
app.setPath('userData', process.env.QUAYSIDE_HOME)
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
process.on('SIGTERM', () => app.quit())

async function open() {
  await app.whenReady()
  if (process.env.QUAYSIDE_BENCH_NO_WINDOW) {
    console.log('ready')
    return
  }
  ipcMain.handle('ask', (_event, _name, input) => ({ ok: true, value: input }))
  const window = new BrowserWindow({
    width: 1280,
    height: 800,
    show: false,
    autoHideMenuBar: true,
    webPreferences: { preload: join(here, 'preload.cjs'), sandbox: true, spellcheck: false },
  })
  window.once('ready-to-show', () => window.show())
  await window.loadFile(join(here, 'index.html'))
}
// Not awaited here: Electron is ready only once this module has been run to its end.
void open()

import { Notification } from 'electron'

/** Tells that an update is ready and where it is installed from: nothing happens by itself. */
export function showUpdateNotice(version: string): void {
  if (!Notification.isSupported()) return
  const place = process.platform === 'darwin' ? 'Update' : 'File'
  new Notification({
    title: `Quayside ${version} is ready`,
    body: `Choose “Quit and install ${version}” in the menu ${place}.`,
  }).show()
}

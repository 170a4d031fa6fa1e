import type { App, Event, WebContents } from 'electron'
import type { Log } from '../domain/ports.ts'
import { openExternalLink } from './external-links.ts'

/** Keeps every page of the app where it was loaded: no new windows, no other addresses, no webviews. */
export function restrictNavigation(app: App, log: Log): void {
  app.on('web-contents-created', (_event, contents) => {
    restrict(contents, log)
  })
}

function restrict(contents: WebContents, log: Log): void {
  contents.setWindowOpenHandler(({ url }) => {
    openExternalLink(url, log)
    return { action: 'deny' }
  })
  const deny = (event: Event) => {
    event.preventDefault()
  }
  contents.on('will-navigate', deny)
  contents.on('will-frame-navigate', deny)
  contents.on('will-redirect', deny)
  contents.on('will-attach-webview', deny)
  // A peer connection obeys no content security policy: without UDP it reaches nobody.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
  contents.on('select-bluetooth-device', (event, _devices, choose) => {
    event.preventDefault()
    choose('')
  })
}

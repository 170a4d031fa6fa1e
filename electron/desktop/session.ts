import type { Session } from 'electron'
import { pageOrigin } from '../../shared/bridge.ts'

/**
 * Takes from every page what no page of ours needs: the network and all other schemes, permissions,
 * devices, downloads, the spelling service.
 */
export function restrictSession(session: Session, { devTools }: { devTools: boolean }): void {
  const allowed = [`${pageOrigin}/`, ...(devTools ? ['devtools://devtools/'] : [])]
  session.webRequest.onBeforeRequest(({ url }, answer) => {
    answer({ cancel: !allowed.some((start) => url.startsWith(start)) })
  })

  session.setPermissionRequestHandler((_contents, _permission, answer) => {
    answer(false)
  })
  session.setPermissionCheckHandler(() => false)
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler((_request, answer) => {
    answer({})
  })
  session.setBluetoothPairingHandler((_details, answer) => {
    answer({ confirmed: false })
  })
  session.on('select-hid-device', (event, _details, choose) => {
    event.preventDefault()
    choose()
  })
  session.on('select-usb-device', (event, _details, choose) => {
    event.preventDefault()
    choose()
  })
  session.on('select-serial-port', (event, _ports, _contents, choose) => {
    event.preventDefault()
    choose('')
  })

  session.on('will-download', (event) => {
    event.preventDefault()
  })
  session.setSpellCheckerEnabled(false)
}

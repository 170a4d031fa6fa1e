import { pageOrigin } from '../../shared/bridge.ts'

/** Who a message came from, as Electron tells it. */
export interface Sender {
  readonly webContentsId: number
  /** Null where the frame has gone or navigated since it sent. */
  readonly frame: {
    readonly origin: string
    readonly url: string
    /** False for any frame inside another one. */
    readonly isTop: boolean
  } | null
}

/** Why this sender may not call; undefined where it may. */
export function senderObjection(
  { webContentsId, frame }: Sender,
  isOurs: (webContentsId: number) => boolean,
): string | undefined {
  if (!isOurs(webContentsId)) return 'not a window of ours'
  if (frame === null) return 'its frame is gone'
  if (!frame.isTop) return 'a frame inside the window'
  // An about:blank page can inherit an origin, so that the address counts as well.
  if (frame.origin !== pageOrigin || !frame.url.startsWith(`${pageOrigin}/`))
    return 'a foreign origin'
  return undefined
}

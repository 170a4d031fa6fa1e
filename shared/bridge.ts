import type { ErrorData } from './errors.ts'

/** The answer to one call over the bridge; errors cross as data. */
export type BridgeReply =
  { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly error: ErrorData }

/** The one place windows are loaded from. */
export const pageOrigin = 'app://bundle'

/** The channels between a window and the core; as types, so that preload and core cannot differ. */
export type InvokeChannel = 'quayside:invoke'
export type DrawnChannel = 'quayside:drawn'
export type EventChannel = 'quayside:event'

/** The only way out of the window: what the preload exposes as `window.quayside`. */
export interface Bridge {
  readonly platform: 'linux' | 'darwin' | 'win32'
  /** Calls one method of the contract by its full name. */
  invoke(name: string, input: unknown): Promise<BridgeReply>
  /** Tells that the page has drawn what it begins with. */
  drawn(): void
  /** Calls back with every event of the core, as JSON; returns the way to stop. */
  on(listener: (event: string) => void): () => void
}

declare global {
  interface Window {
    readonly quayside: Bridge
  }
}

import { protocol, type Session } from 'electron'
import { pageOrigin } from '../../shared/bridge.ts'
import { bundleFile } from './bundle-file.ts'

/** The page of the window. */
export const pageAddress = `${pageOrigin}/index.html`

/** What the page may do: run our scripts, show our styles and pictures, and nothing else. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  // Mantine writes its variables and responsive rules into style elements.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // No text becomes elements or code, but for what renderer/trusted-types.ts lets pass.
  "require-trusted-types-for 'script'",
  'trusted-types default',
].join('; ')

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
}

/** Makes `app:` a scheme like https; must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: 'app', privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

/** https://chromium.googlesource.com/chromium/src/+/main/net/base/net_error_list.h */
const fileNotFound = -6

/**
 * Serves the window's files from `folder` at `app://bundle/`; there are no `file:` addresses.
 * @returns resolves once a page has got its script
 */
export function serveBundle({ protocol: schemes }: Session, folder: string): Promise<void> {
  return new Promise((begins) => {
    // Its successor `handle` reads files through web streams in this thread: a window takes 5 % longer
    // to come up with it. Chromium's own loader reads them beside it, from an archive too.
    schemes.registerFileProtocol('app', ({ url, method }, answer) => {
      const file = method === 'GET' ? bundleFile(folder, url) : undefined
      if (file === undefined) answer({ error: fileNotFound })
      else answer({ path: file.path, headers: { ...headers, 'content-type': file.type } })
      // Not before the answer is on its way.
      if (file?.type.startsWith('text/javascript') === true) setImmediate(begins)
    })
  })
}
